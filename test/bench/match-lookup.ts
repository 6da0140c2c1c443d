/**
 * Number → customer in SQLite, as the pop needs it:
 *
 *   node .build/test/bench/match-lookup.js [ROWS=1000000]
 *
 * Four figures from one run over the same random numbers: the whole service (reading the caller ID, look-up, owners in order), its
 * look-up alone, the floor (a prepared join of the bare driver) and what it replaces (`LIKE '%<last eight digits>'`).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { Database, newId } from '../../crm-core/src/db';
import { Directory } from '../../crm-core/src/db/repositories/directory.repository';
import { Metrics } from '../../crm-core/src/http/metrics';
import { MatchService } from '../../crm-core/src/modules/match/match.service';
import { Ownership } from '../../crm-core/src/modules/match/ownership';
import { NumberReading, rulesOfEnvironment } from '../../crm-core/src/modules/numbers/number-reading';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const LOOKUPS = 20_000;
const SCANS = 15;
const AT = '2026-01-01 00:00:00.000';

/** Deterministic, so that two runs look up the same numbers. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Distinct mobile numbers, in no order. */
const mobile = (index: number) => `13${String((index * 7_919_999 + 11) % 1_000_000_000).padStart(9, '0')}`;

function fill(file: string): void {
  const db = new Sqlite(file);
  db.pragma('synchronous = OFF');
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
    for (let index = 0; index < ROWS; index++) {
      const [customerId, contactId] = [newId(), newId()];
      customer.run(customerId, `C${index}`, `客户 ${index}`, `客户 ${index}`);
      contact.run(contactId, customerId, `联系人 ${index}`, `联系人 ${index}`);
      number.run(newId(), customerId, contactId, contactId, mobile(index), `+86${mobile(index)}`, mobile(index));
    }
  })();
  db.exec('ANALYZE');
  db.close();
}

type LookUp = (number: string) => unknown;

/**
 * Median over batches, in microseconds per look-up. Every batch is timed with each of the ways in turn, another one first each
 * time, so that none of them finds the pages another one has warmed, or pays for what else the machine is doing.
 */
async function measure(numbers: readonly string[], batch: number, ways: Readonly<Record<string, LookUp>>): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  const turns = Object.entries(ways);
  for (let from = 0; from < numbers.length; from += batch) {
    const part = numbers.slice(from, from + batch);
    turns.push(...turns.splice(0, 1));
    for (const [name, lookUp] of turns) {
      const startedAt = performance.now();
      for (const number of part) await lookUp(number);
      times.get(name)?.push(((performance.now() - startedAt) * 1000) / part.length);
    }
  }
  return new Map([...times].map(([name, values]) => [name, values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN]));
}

async function main(): Promise<void> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-bench-'));
  const file = path.join(directory, 'hotline.db');
  await (await Database.open({ dialect: 'sqlite', file })).close();
  const filling = performance.now();
  fill(file);
  console.log(`${ROWS} customers with a contact and a number each, made in ${Math.round((performance.now() - filling) / 1000)} s`);

  const db = await Database.open({ dialect: 'sqlite', file });
  const reading = new NumberReading(rulesOfEnvironment({ areaCode: '20', internalPattern: '\\d{3,5}', outsidePrefix: null }));
  const directoryOf = new Directory();
  const service = new MatchService(
    { db, metrics: new Metrics(), now: () => new Date() },
    { reading, directory: directoryOf, ownership: new Ownership(directoryOf) },
  );
  const bare = new Sqlite(file, { readonly: true });
  bare.pragma('cache_size = -32000');
  const join = bare.prepare(
    `SELECT c.customer_id, c.name, c.customer_number, c.level, c.type, c.last_contact_at, ct.contact_id, ct.name AS contact, ct.position
     FROM phone_numbers n
     JOIN customers c ON c.customer_id = n.customer_id AND c.deleted_at IS NULL
     LEFT JOIN contacts ct ON ct.contact_id = n.contact_id AND ct.deleted_at IS NULL
     WHERE n.number_key IN (?)`,
  );
  const scan = bare.prepare("SELECT customer_id FROM phone_numbers WHERE raw LIKE '%' || ?");

  const next = random(47);
  const numbers = Array.from({ length: LOOKUPS }, () => mobile(Math.floor(next() * ROWS)));
  const kinds = new Set<string>();
  const whole = async (number: string) =>
    kinds.add((await service.match({ callerId: number, line: '02066668888', areaCode: '20', trunk: null, context: 'external' })).kind);
  const ways = {
    'floor: prepared join, bare driver': (number: string) => join.all(`+86${number}`),
    'look-up: number key → owners': (number: string) => directoryOf.ownersOf(db.read, [`+86${number}`]),
    'service: caller ID → result': whole,
  };
  await measure(numbers, 100, ways);
  const medians = await measure(numbers, 100, ways);
  const scans = await measure(numbers.slice(0, SCANS), 1, { "LIKE '%<last eight digits>'": (number) => scan.all(number.slice(-8)) });

  const [floor = NaN, , serviceUs = NaN] = medians.values();
  const [like = NaN] = scans.values();
  for (const [name, us] of [...medians, ...scans]) {
    console.log(`${name.padEnd(40)} ${us.toFixed(1).padStart(10)} µs ${(us / floor).toFixed(2).padStart(10)} × floor`);
  }
  console.log(`LIKE takes ${Math.round(like / serviceUs)} times as long as the service; answers were: ${[...kinds].join(', ')}`);
  bare.close();
  await db.close();
  fs.rmSync(directory, { recursive: true, force: true });
}

void main();
