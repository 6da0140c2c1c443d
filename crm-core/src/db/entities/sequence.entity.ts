import { EntitySchema } from 'typeorm';
import type { EntityColumns } from '../columns';

/** Last number given out, by the name of what is numbered. */
export interface SequenceRow {
  name: string;
  value: number;
}

export function sequenceEntity(column: EntityColumns) {
  return new EntitySchema<SequenceRow>({
    name: 'sequence',
    tableName: 'sequences',
    columns: {
      name: { ...column.text('name', 40), primary: true },
      value: column.integer('value'),
    },
  });
}
