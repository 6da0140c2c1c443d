import { parseArgs } from 'node:util';
import type { CallModelConfig } from '../domain/call/call-book';

export const USAGE = `usage: npm run replay -- [--trunk NAME]... [--agent REGEX] FILE.ami.raw

Prints the calls of a recorded stream of the Asterisk Manager Interface as JSON lines, one call log row per call, in the order in
which the calls ended. Calls that were still up at the end of the recording are named on standard error.

  FILE           what Asterisk sent, byte for byte; - reads standard input
  --trunk NAME   endpoint of a trunk, as in PJSIP/NAME-0000002a; may be given more than once (default: trunk)
  --agent REGEX  endpoints that match as a whole are agents' extensions (default: \\d{2,10})
`;

export interface ReplayArguments {
  readonly file: string;
  readonly model: CallModelConfig;
}

/** @returns a sentence saying what is wrong, or the arguments. */
export function replayArguments(argv: readonly string[]): ReplayArguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { trunk: { type: 'string', multiple: true, default: ['trunk'] }, agent: { type: 'string', default: '\\d{2,10}' } },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [file, ...rest] = parsed.positionals;
  if (file === undefined || rest.length > 0) return 'Exactly one file is needed.';
  const agentExtension = wholeMatch(parsed.values.agent);
  if (agentExtension === null) return `--agent ${parsed.values.agent}: not a regular expression`;
  return { file, model: { trunkEndpoints: parsed.values.trunk, agentExtension } };
}

function wholeMatch(source: string): RegExp | null {
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return null;
  }
}
