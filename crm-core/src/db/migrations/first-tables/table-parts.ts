import type { TableColumnOptions } from 'typeorm';

export const primary = (column: TableColumnOptions, name: string): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: name,
});
export const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
export const oneOf = (name: string, column: string, values: readonly string[]) => ({
  name,
  expression: `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`,
});
export const foreign = (name: string, column: string, [table, key]: readonly [string, string]) => ({
  name,
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: [key],
});

export const USER = ['users', 'user_id'] as const;
export const CUSTOMER = ['customers', 'customer_id'] as const;
export const CONTACT = ['contacts', 'contact_id'] as const;

export const NUMBER_CLASSES = ['mobile', 'fixed', 'service', 'international', 'internal', 'withheld', 'unknown'];
