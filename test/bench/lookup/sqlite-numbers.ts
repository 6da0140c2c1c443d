import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { Database, newId } from '../../../crm-core/src/db';
import { FLOOR, mobile, SCAN, type FullDatabase } from './numbers';

const AT = '2026-01-01 00:00:00.000';

/** @param keepIn folder in which the database stays for the next run; null: a new one that is gone afterwards. */
export async function sqliteNumbers(rows: number, keepIn: string | null): Promise<FullDatabase> {
  const folder = keepIn ?? fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-bench-'));
  const file = path.join(folder, `numbers-${rows}.db`);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true });
    const making = `${file}.new`;
    fs.rmSync(making, { force: true });
    await (await Database.open({ dialect: 'sqlite', file: making })).close();
    fill(making, rows);
    fs.renameSync(making, file);
  }
  // Brings a kept one up to date.
  await (await Database.open({ dialect: 'sqlite', file })).close();
  const bare = new Sqlite(file, { readonly: true });
  bare.pragma('cache_size = -32000');
  const [join, scan] = [bare.prepare(FLOOR('?')), bare.prepare(SCAN('?', '||'))];
  return {
    target: { dialect: 'sqlite', file },
    floor: (key) => join.all(key),
    scan: (tail) => scan.all(tail),
    async close() {
      bare.close();
      if (keepIn === null) fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fill(file: string, rows: number): void {
  const db = new Sqlite(file);
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -512000');
  const user = newId();
  db.prepare('INSERT INTO users VALUES (?, ?, ?, ?, NULL, ?, 1, ?, ?, ?, 1)').run(user, 'bench', 'bench', 'agent', 'x', 'en', AT, AT);
  const customer = db.prepare(
    `INSERT INTO customers (customer_id, customer_number, name, name_search, active_at, created_at, created_by_id, updated_at, updated_by_id, version)
     VALUES (?, ?, ?, ?, '${AT}', '${AT}', '${user}', '${AT}', '${user}', 1)`,
  );
  const contact = db.prepare(
    `INSERT INTO contacts (contact_id, customer_id, name, name_search, decision_maker, created_at, created_by_id, updated_at, updated_by_id, version)
     VALUES (?, ?, ?, ?, 0, '${AT}', '${user}', '${AT}', '${user}', 1)`,
  );
  const number = db.prepare(
    `INSERT INTO phone_numbers (number_id, customer_id, contact_id, owner_id, raw, number_key, digits, number_class, reason, extension, label, position, created_at, created_by_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'mobile', 'mobile.plain', '', 'mobile', 1, '${AT}', '${user}')`,
  );
  db.transaction(() => {
    for (let index = 0; index < rows; index++) {
      const [customerId, contactId] = [newId(), newId()];
      customer.run(customerId, `C${index}`, `客户 ${index}`, `客户 ${index}`);
      contact.run(contactId, customerId, `联系人 ${index}`, `联系人 ${index}`);
      number.run(newId(), customerId, contactId, contactId, mobile(index), `+86${mobile(index)}`, mobile(index));
    }
  })();
  db.exec('ANALYZE');
  db.close();
}
