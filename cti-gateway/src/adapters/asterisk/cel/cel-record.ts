/**
 * One line of Asterisk's channel event log (`cel_custom.conf` in dialplans), in Asterisk's own words (`main/cel.c`, 22.10).
 */
export interface CelRecord {
  /** `CHAN_START`, `BRIDGE_ENTER`, `USER_DEFINED` and so on. */
  readonly type: string;
  /** Name of a `USER_DEFINED` event (CELGenUserEvent); empty otherwise. */
  readonly name: string;
  readonly atMs: number;
  readonly channelName: string;
  readonly channelId: string;
  readonly linkedId: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly exten: string;
  readonly context: string;
  readonly application: string;
  readonly applicationData: string;
  /** What the event adds, JSON read; empty when nothing. A user event's text is in `extra`. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A text in `extra`; null when it is not there, empty, or `N/A`. */
export function extraText(record: CelRecord, name: string): string | null {
  const value = record.extra[name];
  return typeof value === 'string' && value !== '' && value !== 'N/A' ? value : null;
}

export function extraNumber(record: CelRecord, name: string): number | null {
  const value = record.extra[name];
  return typeof value === 'number' ? value : null;
}
