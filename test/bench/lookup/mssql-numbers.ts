import { ConnectionPool, NVarChar, PreparedStatement } from 'mssql';
import { Database, type DatabaseTarget } from '../../../crm-core/src/db';
import { FLOOR, OFFSET, SCAN, SPACE, STEP, type FullDatabase } from './numbers';

type MssqlTarget = Extract<DatabaseTarget, { dialect: 'mssql' }>;
const BATCH = 100_000;
const USER = 'bench';
const AT = "'2026-01-01T00:00:00.000'";
const STAMPS = `${AT}, '${USER}', ${AT}, '${USER}', 1`;

/** Fills an empty database, or takes the one an earlier run has filled with as many. @throws Error when it holds anything else. */
export async function mssqlNumbers(target: MssqlTarget, rows: number): Promise<FullDatabase> {
  await (await Database.open(target)).close();
  const pool = await poolOf(target).connect();
  const [{ present } = { present: 0 }] = (await pool.query('SELECT COUNT_BIG(*) AS present FROM phone_numbers')).recordset;
  if (Number(present) !== rows) {
    if (Number(present) !== 0) throw new Error(`The database holds ${String(present)} numbers: name an empty one, or ask for as many.`);
    await fill(pool, rows);
  }
  const join = await prepared(pool, { name: 'number', sql: FLOOR('@number') });
  const scan = await prepared(pool, { name: 'tail', sql: SCAN('@tail', '+') });
  return {
    target,
    floor: (number) => join.execute({ number }),
    scan: (tail) => scan.execute({ tail }),
    async close() {
      for (const statement of [join, scan]) await statement.unprepare();
      await pool.close();
    },
  };
}

function poolOf({ host, port, username, password, database, encrypt, trustServerCertificate }: MssqlTarget): ConnectionPool {
  return new ConnectionPool({
    server: host,
    port,
    user: username,
    password,
    database,
    // Reading ten million rows takes as long as it takes.
    requestTimeout: 0,
    options: { encrypt, trustServerCertificate },
  });
}

async function prepared(pool: ConnectionPool, { name, sql }: { name: string; sql: string }): Promise<PreparedStatement> {
  const statement = new PreparedStatement(pool).input(name, NVarChar(40));
  await statement.prepare(sql);
  return statement;
}

/** The rows are made by the server: sending them would take longer. */
async function fill(pool: ConnectionPool, rows: number): Promise<void> {
  await pool.query(`INSERT INTO users (user_id, username, display_name, role, password_hash, enabled, locale, created_at, updated_at, version)
    VALUES ('${USER}', '${USER}', '${USER}', 'agent', 'x', 1, 'en', ${AT}, ${AT}, 1)`);
  for (let from = 0; from < rows; from += BATCH) {
    for (const insert of inserts(from, Math.min(BATCH, rows - from))) await pool.query(insert);
  }
  await pool.query('UPDATE STATISTICS phone_numbers; UPDATE STATISTICS customers; UPDATE STATISTICS contacts');
}

/** Ids that grow, as the product's own do. */
const id = (letter: string) => `CONCAT('${letter}', RIGHT(CONCAT('0000000000', CAST(i AS varchar(20))), 10))`;
const MOBILE = `CONCAT('13', RIGHT(CONCAT('000000000', CAST((i * ${STEP} + ${OFFSET}) % ${SPACE} AS varchar(20))), 9))`;

function inserts(from: number, count: number): string[] {
  const series = `(SELECT TOP (${count}) CAST(${from} AS bigint) + ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) - 1 AS i
    FROM sys.all_columns a CROSS JOIN sys.all_columns b) series`;
  return [
    `INSERT INTO customers (customer_id, customer_number, name, name_search, active_at, created_at, created_by_id, updated_at, updated_by_id, version)
     SELECT ${id('c')}, CONCAT('C', i), CONCAT(N'客户 ', i), CONCAT(N'客户 ', i), ${AT}, ${STAMPS} FROM ${series}`,
    `INSERT INTO contacts (contact_id, customer_id, name, name_search, decision_maker, created_at, created_by_id, updated_at, updated_by_id, version)
     SELECT ${id('p')}, ${id('c')}, CONCAT(N'联系人 ', i), CONCAT(N'联系人 ', i), 0, ${STAMPS} FROM ${series}`,
    `INSERT INTO phone_numbers (number_id, customer_id, contact_id, owner_id, raw, number_key, digits, number_class, reason, extension, label, position, created_at, created_by_id)
     SELECT ${id('n')}, ${id('c')}, ${id('p')}, ${id('p')}, ${MOBILE}, CONCAT('+86', ${MOBILE}), ${MOBILE}, 'mobile', 'mobile.plain', '', 'mobile', 1, ${AT}, '${USER}' FROM ${series}`,
  ];
}
