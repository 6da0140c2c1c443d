import { parseArgs } from 'node:util';
import { LaunchError } from './launch-error';

export const CALLS_USAGE = `usage: npm run calls -- rebuild --from TIME --to TIME [--apply]

Makes the rows of the calls that began in that time anew from Asterisk's channel event log and shows how the call log differs.
Nothing is changed without --apply; with it, missing calls are added and rows marked incomplete are replaced. A row that was
seen as it happened is never replaced. TIME is 2026-11-21 or 2026-11-21T09:30 (of this machine) or with a zone, e.g. …T09:30Z.

  HOTLINE_CEL_FILE       the log (default: that of npm start)
  HOTLINE_CRM_URL        crm-core (default: http://127.0.0.1:8080)
  HOTLINE_GATEWAY_TOKEN  or HOTLINE_GATEWAY_TOKEN_FILE (default: that of npm start)
`;

export interface RebuildWish {
  readonly fromMs: number;
  readonly toMs: number;
  readonly apply: boolean;
}

/** @throws LaunchError in one sentence. */
export function parseCallsArguments(argv: readonly string[]): RebuildWish {
  const parsed = parse(argv);
  const { from, to, apply = false } = parsed.values;
  if (parsed.positionals.join() !== 'rebuild' || from === undefined || to === undefined) throw new LaunchError(CALLS_USAGE.trimEnd());
  const [fromMs, toMs] = [timeOf('--from', from), timeOf('--to', to)];
  if (fromMs >= toMs) throw new LaunchError('--from must be earlier than --to.');
  return { fromMs, toMs, apply };
}

function parse(argv: readonly string[]) {
  try {
    const options = { from: { type: 'string' }, to: { type: 'string' }, apply: { type: 'boolean' } } as const;
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : String(error)}\n${CALLS_USAGE.trimEnd()}`);
  }
}

/** A date alone is its midnight here, not that of Greenwich. */
function timeOf(name: string, text: string): number {
  const atMs = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : NaN;
  if (Number.isNaN(atMs)) throw new LaunchError(`${name} ${text} is no time; write 2026-11-21 or 2026-11-21T09:30.`);
  return atMs;
}
