/**
 * Number → customer, as the pop needs it:
 *
 *   node .build/test/bench/match-lookup.js [ROWS=1000000]
 *
 * Four figures from one run over the same random numbers: the whole service (reading the caller ID, look-up, owners in order), its
 * look-up alone, the floor (a prepared join of the bare driver) and what it replaces (`LIKE '%<last eight digits>'`). The service must not
 * take more than three times the floor, and the scan at least a thousand times the service.
 *
 * On SQLite, in a new file that is deleted afterwards; `HOTLINE_BENCH_DIR=<folder>` keeps it there for the next run with as many rows
 * (ten million take some twenty minutes to make and 13 GB, twice that meanwhile).
 *
 * On SQL Server: make an empty database and name it as the product's own setting does,
 *
 *   sqlcmd -Q "CREATE DATABASE hotline_bench; ALTER DATABASE hotline_bench SET READ_COMMITTED_SNAPSHOT ON"
 *   DATABASE_URL='mssql://user:password@host:1433/hotline_bench?trustServerCertificate=true' node .build/test/bench/match-lookup.js 10000000
 *
 * The tables are made, the server fills them (a later run with as many rows finds them filled), the floor is the same join as a
 * PreparedStatement of the `mssql` driver. Drop the database afterwards.
 */
import { Database, parseDatabaseUrl } from '../../crm-core/src/db';
import { Directory } from '../../crm-core/src/db/repositories/directory.repository';
import { Metrics } from '../../crm-core/src/http/metrics';
import { MatchService } from '../../crm-core/src/modules/match/match.service';
import { Ownership } from '../../crm-core/src/modules/match/ownership';
import { NumberReading, rulesOfEnvironment } from '../../crm-core/src/modules/numbers/number-reading';
import { mssqlNumbers } from './lookup/mssql-numbers';
import { mobile, random, type FullDatabase } from './lookup/numbers';
import { sqliteNumbers } from './lookup/sqlite-numbers';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const LOOKUPS = 20_000;
const SCANS = 15;
const MOST_TIMES_FLOOR = 3;
const LEAST_TIMES_FASTER = 1_000;

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

async function fullDatabase(): Promise<FullDatabase> {
  const startedAt = performance.now();
  const url = process.env.DATABASE_URL ?? '';
  const target = url.startsWith('mssql:') ? parseDatabaseUrl(url) : null;
  if (target !== null && 'problem' in target) throw new Error(`DATABASE_URL ${target.problem}`);
  const full =
    target?.dialect === 'mssql' ? await mssqlNumbers(target, ROWS) : await sqliteNumbers(ROWS, process.env.HOTLINE_BENCH_DIR ?? null);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${ROWS} customers with a contact and a number each, on ${full.target.dialect}, ready after ${seconds} s`);
  return full;
}

function serviceOn(db: Database): { directory: Directory; service: MatchService } {
  const reading = new NumberReading(rulesOfEnvironment({ areaCode: '20', internalPattern: '\\d{3,5}', outsidePrefix: null }));
  const directory = new Directory();
  const parts = { reading, directory, ownership: new Ownership(directory) };
  return { directory, service: new MatchService({ db, metrics: new Metrics(), now: () => new Date() }, parts) };
}

async function main(): Promise<void> {
  const full = await fullDatabase();
  // Each way on a connection of its own, so that none finds the pages in its cache that another one has read.
  const [db, other] = [await Database.open(full.target), await Database.open(full.target)];
  const { directory, service } = serviceOn(db);
  const next = random(47);
  const numbers = Array.from({ length: LOOKUPS }, () => mobile(Math.floor(next() * ROWS)));
  const kinds = new Set<string>();
  const ways = {
    'floor: prepared join, bare driver': (number: string) => full.floor(`+86${number}`),
    'look-up: number key → owners': (number: string) => directory.ownersOf(other.read, [`+86${number}`]),
    'service: caller ID → result': async (number: string) =>
      kinds.add((await service.match({ callerId: number, line: '02066668888', areaCode: '20', trunk: 'trunk', context: 'external' })).kind),
  };
  await measure(numbers, 100, ways);
  const medians = await measure(numbers, 100, ways);
  const scans = await measure(numbers.slice(0, SCANS), 1, { "LIKE '%<last eight digits>'": (number) => full.scan(number.slice(-8)) });
  report(medians, scans);
  if ([...kinds].join() !== 'known') throw new Error(`Every caller is stored once, but the answers were: ${[...kinds].join(', ')}`);
  for (const one of [db, other]) await one.close();
  await full.close();
}

function report(medians: Map<string, number>, scans: Map<string, number>): void {
  const [floor = NaN, , service = NaN] = medians.values();
  const [like = NaN] = scans.values();
  for (const [name, us] of [...medians, ...scans]) {
    console.log(`${name.padEnd(40)} ${us.toFixed(1).padStart(10)} µs ${(us / floor).toFixed(2).padStart(10)} × floor`);
  }
  const verdict = (kept: boolean) => (kept ? 'kept' : 'NOT KEPT');
  console.log(
    `service at most ${MOST_TIMES_FLOOR} × floor: ${(service / floor).toFixed(2)}, ${verdict(service / floor <= MOST_TIMES_FLOOR)}`,
  );
  const faster = Math.round(like / service);
  console.log(`at least ${LEAST_TIMES_FASTER} × faster than LIKE: ${faster}, ${verdict(faster >= LEAST_TIMES_FASTER)}`);
}

void main();
