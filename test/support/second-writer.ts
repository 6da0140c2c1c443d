import type { Database } from '../../crm-core/src/db';

type Query = (this: unknown, sql: string, parameters?: unknown[], structured?: boolean) => Promise<unknown>;

/**
 * A second writer between what a transaction has read and what it writes, as there is on SQL Server; SQLite would make one of them wait.
 * Just before the first statement that matches is sent, another is: `sql`, or the same one with the same parameters. Until `restore`.
 */
export async function secondWriter(db: Database, before: RegExp, sql?: string): Promise<{ came: () => boolean; restore: () => void }> {
  const prototype = await db.write(async (tx) => Object.getPrototypeOf(tx.queryRunner) as { query: Query });
  const { query } = prototype;
  let came = false;
  prototype.query = async function (text, parameters, structured) {
    if (!came && before.test(text)) {
      came = true;
      await (sql === undefined ? query.call(this, text, parameters) : query.call(this, sql));
    }
    return query.call(this, text, parameters, structured);
  };
  return { came: () => came, restore: () => void (prototype.query = query) };
}
