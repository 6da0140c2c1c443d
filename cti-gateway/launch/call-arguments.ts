import { LaunchError } from './launch-error';

export interface CallRequest {
  /** As the network would show it; `anonymous` for a withheld number. */
  readonly callerId: string;
  readonly line: string;
}

const USAGE = 'Usage: npm run call -- NUMBER [LINE], e.g. npm run call -- 13912345678, or anonymous as the number.';

/** Reads `NUMBER [LINE]`. A caller ID is whatever a network may send: digits with +, or a word such as anonymous. */
export function parseCallArguments(args: readonly string[], lines: readonly string[]): CallRequest {
  const [callerId, line = lines[0] ?? '02066668888', ...more] = args;
  if (callerId === undefined || more.length > 0) throw new LaunchError(USAGE);
  if (!/^(\+?[0-9*#]{1,32}|[A-Za-z][A-Za-z0-9._-]{0,31})$/.test(callerId)) throw new LaunchError(`"${callerId}" is no caller ID. ${USAGE}`);
  if (!/^\+?\d{1,20}$/.test(line)) throw new LaunchError(`"${line}" is no line; there are ${lines.join(' and ')}. ${USAGE}`);
  return { callerId, line };
}
