import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallLogRow } from '../../crm-core/contract/calls';
import { CelFile } from '../src/adapters/asterisk/cel/cel-file';
import type { CelRecord } from '../src/adapters/asterisk/cel/cel-record';
import { rebuildCalls } from '../src/adapters/asterisk/cel/rebuild-calls';
import { EXTENSION } from '../src/domain/agent/extension';
import { silentLog } from '../src/ports/log';
import { differencesOf } from './call-differences';
import { CallLogClient } from './call-log-client';
import { CALLS_USAGE, parseCallsArguments, type RebuildWish } from './calls-arguments';
import { loadDemoSecrets } from './demo-secrets';
import { LaunchError, type Say } from './launch-error';
import { runFolder } from './repository';

/** A call that began in the time asked for is looked at to its end. */
const LONGEST_CALL_MS = 12 * 3_600_000;

/** `npm run calls -- rebuild --from --to [--apply]`. */
export async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return void process.stdout.write(CALLS_USAGE);
  const wish = parseCallsArguments(args);
  const celFile = process.env.HOTLINE_CEL_FILE ?? join(runFolder(), 'pbx/log/cel-custom/calls.csv');
  if (!existsSync(celFile)) throw new LaunchError(`There is no channel event log at ${celFile}; HOTLINE_CEL_FILE says where it is.`);
  const log = new CallLogClient((process.env.HOTLINE_CRM_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, ''), token());
  const trunkEndpoints = (process.env.HOTLINE_TRUNKS ?? 'trunk').split(',').map((name) => name.trim());
  await rebuild({ ...wish, celFile, log, trunkEndpoints, say: (line) => process.stdout.write(`${line}\n`) });
}

export interface RebuildOptions extends RebuildWish {
  readonly celFile: string;
  readonly log: Pick<CallLogClient, 'find' | 'put'>;
  readonly trunkEndpoints: readonly string[];
  readonly say: Say;
}

export interface RebuildResult {
  readonly calls: number;
  readonly same: number;
  readonly missing: number;
  readonly different: number;
  /** Different, but seen as it happened: left as it is. */
  readonly kept: number;
  readonly changed: number;
}

/** Shows how the call log differs from Asterisk's own, and with `apply` brings it in line. Doing it twice changes nothing more. */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { log, say, apply } = options;
  const counts = { calls: 0, same: 0, missing: 0, different: 0, kept: 0, changed: 0 };
  for (const row of await rowsAnew(options)) {
    counts.calls += 1;
    const kept = await log.find(row.callId);
    const differences = kept === null ? ['missing'] : differencesOf(kept, row);
    if (differences.length === 0) {
      counts.same += 1;
      continue;
    }
    const final = kept?.complete === true;
    counts[kept === null ? 'missing' : final ? 'kept' : 'different'] += 1;
    say(`${row.callId}  ${row.startedAt}  ${row.direction} ${row.outcome}\n    ${final ? 'seen as it happened, stays: ' : ''}${differences.join('\n    ')}`);
    if (!apply || final) continue;
    await log.put(row);
    counts.changed += 1;
  }
  say(
    `${counts.calls} calls in the channel event log: ${counts.same} as in the call log, ${counts.missing} missing there, ${counts.different} different, ` +
      `${counts.kept} different but seen as they happened; ${apply ? `${counts.changed} written` : 'nothing changed (--apply does it)'}.`,
  );
  return counts;
}

async function rowsAnew({ celFile, fromMs, toMs, trunkEndpoints }: RebuildOptions): Promise<CallLogRow[]> {
  const records: CelRecord[] = [];
  const file = new CelFile({ path: celFile, log: silentLog, maxBytes: Infinity });
  for await (const record of file.read(fromMs, toMs + LONGEST_CALL_MS)) records.push(record);
  const inTime = ({ startedAt }: CallLogRow): boolean => Date.parse(startedAt) >= fromMs && Date.parse(startedAt) < toMs;
  return rebuildCalls(records, { trunkEndpoints, agentExtension: EXTENSION }).filter(inTime);
}

function token(): string {
  const file = process.env.HOTLINE_GATEWAY_TOKEN_FILE;
  if (file !== undefined) return readFileSync(file, 'utf8').trim();
  return process.env.HOTLINE_GATEWAY_TOKEN ?? loadDemoSecrets(runFolder()).gatewayToken;
}
