import type { EntityManager, EntitySchemaColumnOptions, QueryRunner, TableColumnOptions, ValueTransformer } from 'typeorm';

/**
 * Every difference between the two databases. Nothing else in crm-core asks which one it is: entities and migrations take
 * their column types from here, repositories their time parameters.
 */
export type Dialect = 'sqlite' | 'mssql';

export function dialectOf({ dataSource }: QueryRunner | EntityManager): Dialect {
  return dataSource.options.type === 'mssql' ? 'mssql' : 'sqlite';
}

const JSON_TEXT: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (text: unknown) => (typeof text === 'string' ? JSON.parse(text) : null),
};

/** Column types of entities. Lengths are UTF-16 units; SQLite does not enforce them, the contract's schemas do. */
export function entityColumns(dialect: Dialect) {
  const longText = dialect === 'mssql' ? { type: 'nvarchar' as const, length: 'max' } : { type: 'text' as const };
  const timestamp = dialect === 'mssql' ? { type: 'datetime2' as const, precision: 3 } : { type: 'datetime' as const };
  const of = (name: string, column: Omit<EntitySchemaColumnOptions, 'name'>): EntitySchemaColumnOptions => ({ ...column, name });
  return {
    /** Identifier made by the application. `nvarchar`, like every parameter: SQL Server may scan a `varchar` index for one. */
    id: (name: string) => of(name, { type: 'nvarchar', length: 36 }),
    text: (name: string, length: number) => of(name, { type: 'nvarchar', length }),
    longText: (name: string) => of(name, longText),
    json: (name: string) => of(name, { ...longText, transformer: JSON_TEXT }),
    timestamp: (name: string) => of(name, timestamp),
    flag: (name: string) => of(name, { type: Boolean }),
    integer: (name: string) => of(name, { type: 'int' }),
  };
}
export type EntityColumns = ReturnType<typeof entityColumns>;

/** The same types for migrations (Table API). */
export function tableColumns(dialect: Dialect) {
  const longText = dialect === 'mssql' ? { type: 'nvarchar', length: 'max' } : { type: 'text' };
  const timestamp = dialect === 'mssql' ? { type: 'datetime2', precision: 3 } : { type: 'datetime' };
  const of = (name: string, column: Omit<TableColumnOptions, 'name'>): TableColumnOptions => ({ isNullable: false, ...column, name });
  return {
    id: (name: string) => of(name, { type: 'nvarchar', length: '36' }),
    text: (name: string, length: number) => of(name, { type: 'nvarchar', length: String(length) }),
    longText: (name: string) => of(name, longText),
    timestamp: (name: string) => of(name, timestamp),
    flag: (name: string) => of(name, { type: dialect === 'mssql' ? 'bit' : 'boolean' }),
    integer: (name: string) => of(name, { type: 'int' }),
  };
}
export type TableColumns = ReturnType<typeof tableColumns>;

export function nullable<T extends EntitySchemaColumnOptions>(column: T): T & { nullable: true } {
  return { ...column, nullable: true };
}

/**
 * A moment as a query parameter: UTC `YYYY-MM-DD HH:MM:SS.mmm`. SQLite keeps moments as this text; SQL Server reads it as
 * `datetime2`, whereas a Date parameter would be sent as `datetime` and lose its milliseconds.
 */
export function timeParameter(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', '');
}

/** A moment as a raw row holds it: a Date from SQL Server, UTC text from SQLite. */
export function readTime(value: unknown): Date | null {
  if (value instanceof Date) return value;
  return typeof value === 'string' ? new Date(`${value.replace(' ', 'T')}Z`) : null;
}
