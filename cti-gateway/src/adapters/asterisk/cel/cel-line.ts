import type { CelRecord } from './cel-record';

/** Asterisk's own names of events (main/cel.c, 18 to 22); any other name is a user event's (CELGenUserEvent). */
const ASTERISK_TYPES: ReadonlySet<string> = new Set([
  'CHAN_START',
  'CHAN_END',
  'ANSWER',
  'HANGUP',
  'APP_START',
  'APP_END',
  'PARK_START',
  'PARK_END',
  'BRIDGE_ENTER',
  'BRIDGE_EXIT',
  'BLINDTRANSFER',
  'ATTENDEDTRANSFER',
  'PICKUP',
  'FORWARD',
  'LINKEDID_END',
  'LOCAL_OPTIMIZE',
  'LOCAL_OPTIMIZE_BEGIN',
  'STREAM_BEGIN',
  'STREAM_END',
  'DTMF',
]);
const COLUMNS = 13;

/** One line of the log (cel_custom.conf in dialplans, by position); null for what is no whole record: cut off, of another format. */
export function parseCelLine(line: string): CelRecord | null {
  const fields = fieldsOf(line);
  const atMs = timeOf(fields[1] ?? '');
  if (fields.length < COLUMNS || atMs === null || fields[2] === '' || fields[3] === '') return null;
  const [type = '', , channelName = '', channelId = '', linkedId = '', callerNumber = '', callerName = ''] = fields;
  const [exten = '', context = '', application = '', applicationData = '', , extra = ''] = fields.slice(7);
  const ours = ASTERISK_TYPES.has(type);
  return {
    type: ours ? type : 'USER_DEFINED',
    name: ours ? '' : type,
    atMs,
    channelName,
    channelId,
    linkedId: linkedId === '' ? channelId : linkedId,
    callerNumber,
    callerName,
    exten,
    context,
    application,
    applicationData,
    extra: objectIn(extra),
  };
}

/** When a line was written, without reading all of it; null when it does not say. */
export function timeOfCelLine(line: string): number | null {
  const match = /^"[^"]{1,80}","(\d{1,12}(?:\.\d{1,9})?)"/.exec(line);
  return match === null ? null : timeOf(match[1] ?? '');
}

/** Every field in quotes, a quote in it doubled (CSV_QUOTE): a name with commas or quotes stays one field. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  const field = /"((?:[^"]|"")*)"(,|$)/y;
  for (let match = field.exec(line); match !== null; match = field.exec(line)) {
    fields.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === '') return fields;
  }
  return [];
}

/** Cut to milliseconds, as the times of AMI events are: two readings of one happening must agree. */
function timeOf(text: string): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  return match === null ? null : Number(match[1]) * 1_000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'));
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
