import { EntitySchema } from 'typeorm';
import { nullable, type EntityColumns } from '../columns';

export interface ContactRow {
  contactId: string;
  customerId: string;
  name: string;
  nameSearch: string;
  sex: 'male' | 'female' | null;
  department: string | null;
  position: string | null;
  email: string | null;
  /** `YYYY-MM-DD`: a day, not a moment. */
  birthDate: string | null;
  address: string | null;
  hobbies: string | null;
  family: string | null;
  other: string | null;
  remarks: string | null;
  decisionMaker: boolean;
  decisionRole: string | null;
  lastContactAt: Date | null;
  createdAt: Date;
  createdById: string;
  updatedAt: Date;
  updatedById: string;
  deletedAt: Date | null;
  version: number;
}

export function contactEntity(column: EntityColumns) {
  const text = (name: string, length: number) => nullable(column.text(name, length));
  return new EntitySchema<ContactRow>({
    name: 'contact',
    tableName: 'contacts',
    columns: {
      contactId: { ...column.id('contact_id'), primary: true },
      customerId: column.id('customer_id'),
      name: column.text('name', 120),
      nameSearch: column.text('name_search', 400),
      sex: text('sex', 20),
      department: text('department', 120),
      position: text('position', 120),
      email: text('email', 254),
      birthDate: text('birth_date', 10),
      address: text('address', 255),
      hobbies: text('hobbies', 500),
      family: text('family', 500),
      other: text('other', 500),
      remarks: text('remarks', 2000),
      decisionMaker: column.flag('decision_maker'),
      decisionRole: text('decision_role', 120),
      lastContactAt: nullable(column.timestamp('last_contact_at')),
      createdAt: column.timestamp('created_at'),
      createdById: column.id('created_by_id'),
      updatedAt: column.timestamp('updated_at'),
      updatedById: column.id('updated_by_id'),
      deletedAt: nullable(column.timestamp('deleted_at')),
      version: column.integer('version'),
    },
  });
}
