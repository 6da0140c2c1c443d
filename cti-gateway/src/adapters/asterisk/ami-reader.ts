import { LazyAmiMessage, type AmiMessage } from './ami-message';

export type { AmiMessage } from './ami-message';

export interface AmiReaderOptions {
  readonly onMessage: (message: AmiMessage) => void;
  /** Events with other names are counted and dropped before anything but the name is decoded. Absent: every event. */
  readonly wantedEvents?: ReadonlySet<string>;
  /** A message that is not delivered because it is too long, has too many headers, or was cut off by the end of the connection. */
  readonly onDropped?: (dropped: DroppedMessage) => void;
  /** Largest message kept, in bytes. Default 1 MiB: the largest single event seen is below 4 kB. */
  readonly maxMessageBytes?: number;
  /** Default 5,000 lines. */
  readonly maxHeaders?: number;
}

export interface DroppedMessage {
  readonly why: 'too_long' | 'too_many_headers' | 'cut_off';
  readonly kind: AmiMessage['kind'];
  readonly name: string;
  /** How many bytes of it had arrived when it was given up or ended. */
  readonly bytes: number;
}

/** Counted since the reader was made; `end()` does not clear them. */
export interface AmiReaderStats {
  bytes: number;
  messages: number;
  unwanted: number;
  dropped: number;
}

const CR = 0x0d;
const LF = 0x0a;
const END = Buffer.from('\r\n\r\n');
const EOL = Buffer.from('\r\n');
/** A message is known for what it is by its first line. */
const EVENT = Buffer.from('Event: ');
const RESPONSE = Buffer.from('Response: ');
const BANNER = Buffer.from('Asterisk Call Manager/');
const NAME_BYTES = 128;
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads the Asterisk Manager Interface: bytes in, in chunks of any size, messages out, in the order of the wire and before
 * `push` returns. This is the hot path; it keeps no more than one unfinished message, and never more than `maxMessageBytes`.
 *
 * A chunk handed to `push` must not be written to afterwards: messages look into it until they are decoded.
 *
 * Grammar (Asterisk 18 to 22): one banner line ended by CRLF; then messages of `Header: value` CRLF lines, ended by an
 * empty line. The first line is `Event:` or `Response:`. The output of a command comes as repeated `Output:` headers.
 */
export class AmiReader {
  readonly stats: AmiReaderStats = { bytes: 0, messages: 0, unwanted: 0, dropped: 0 };

  private readonly maxMessageBytes: number;
  private readonly maxHeaders: number;
  /** First `used` bytes: the beginning of a message whose end has not arrived. */
  private store = NO_BYTES;
  private used = 0;
  /** Set while the rest of a message that grew too long is passed over; `store` then holds its last bytes only. */
  private skipping: { kind: AmiMessage['kind']; name: string; bytes: number } | null = null;

  constructor(private readonly options: AmiReaderOptions) {
    this.maxMessageBytes = options.maxMessageBytes ?? 1_048_576;
    this.maxHeaders = options.maxHeaders ?? 5_000;
  }

  /** Takes the next bytes. Exceptions of `onMessage` go through to the caller and leave the reader unusable until `end()`. */
  push(chunk: Buffer): void {
    this.stats.bytes += chunk.length;
    let from = 0;
    if (this.used > 0) {
      from = this.finishStored(chunk);
      if (from < 0) return;
    }
    this.readWhole(chunk, from);
  }

  /**
   * The connection is over: forgets the half message, if there is one, and reports it. The next `push` starts a new
   * connection. Returns how many bytes were dropped.
   */
  end(): number {
    const bytes = this.skipping?.bytes ?? this.used;
    if (this.skipping === null && this.used > 0) {
      const { kind, name } = headOf(this.store, 0, this.used);
      this.drop({ why: 'cut_off', kind, name, bytes });
    }
    this.store = NO_BYTES;
    this.used = 0;
    this.skipping = null;
    return bytes;
  }

  /** Messages that lie in `chunk` as a whole are not copied. */
  private readWhole(chunk: Buffer, start: number): void {
    let from = skipEmptyLines(chunk, start);
    while (from < chunk.length) {
      const end = chunk.indexOf(startsWith(chunk, from, chunk.length, BANNER) ? EOL : END, from);
      if (end < 0) break;
      this.deliver(chunk, from, end);
      from = skipEmptyLines(chunk, end);
    }
    if (from < chunk.length) this.keep(chunk, from);
  }

  /** Completes the message that `store` begins; returns where the next one starts in `chunk`, or -1 when it goes on. */
  private finishStored(chunk: Buffer): number {
    const pattern = this.skipping === null && startsWith(this.store, 0, this.used, BANNER) ? EOL : END;
    const end = endAcross(this.store.subarray(0, this.used), chunk, pattern);
    if (end < 0) {
      this.keep(chunk, 0);
      return -1;
    }
    const skipped = this.skipping !== null;
    const whole = skipped ? NO_BYTES : Buffer.concat([this.store.subarray(0, this.used), chunk.subarray(0, end)]);
    this.skipping = null;
    this.used = 0;
    this.readWhole(whole, 0);
    return end;
  }

  private deliver(bytes: Buffer, from: number, end: number): void {
    const { kind, name } = headOf(bytes, from, end);
    if (end - from > this.maxMessageBytes) return this.drop({ why: 'too_long', kind, name, bytes: end - from });
    // A header has four bytes at least, so that only long messages need counting.
    if (end - from > this.maxHeaders * 4 && linesIn(bytes, from, end) > this.maxHeaders) {
      return this.drop({ why: 'too_many_headers', kind, name, bytes: end - from });
    }
    this.stats.messages++;
    if (kind === 'event' && this.options.wantedEvents?.has(name) === false) {
      this.stats.unwanted++;
      return;
    }
    this.options.onMessage(new LazyAmiMessage(kind, name, bytes.subarray(from, end)));
  }

  /** Adds the rest of `chunk` to the unfinished message. The store doubles, so that a long message is copied a few times only. */
  private keep(chunk: Buffer, from: number): void {
    const added = chunk.length - from;
    if (this.skipping !== null) return this.passOver(chunk, from);
    const needed = this.used + added;
    if (needed > this.maxMessageBytes + END.length) return this.beginSkipping(chunk, from);
    if (this.store.length < needed) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.store.length * 2, this.maxMessageBytes + END.length), 1_024));
      this.store.copy(grown, 0, 0, this.used);
      this.store = grown;
    }
    chunk.copy(this.store, this.used, from);
    this.used = needed;
  }

  private beginSkipping(chunk: Buffer, from: number): void {
    const start = Buffer.concat([this.store.subarray(0, this.used), chunk.subarray(from, from + NAME_BYTES * 2)]);
    const { kind, name } = headOf(start, 0, start.length);
    this.skipping = { kind, name, bytes: this.used };
    this.drop({ why: 'too_long', kind, name, bytes: this.used + chunk.length - from });
    this.passOver(chunk, from);
  }

  /** Keeps only what could be the beginning of the blank line that ends the message. */
  private passOver(chunk: Buffer, from: number): void {
    const tail = Buffer.concat([
      this.store.subarray(Math.max(0, this.used - END.length), this.used),
      chunk.subarray(Math.max(from, chunk.length - END.length)),
    ]);
    if (this.skipping !== null) this.skipping.bytes += chunk.length - from;
    this.store = Buffer.from(tail.subarray(-(END.length - 1)));
    this.used = this.store.length;
  }

  private drop(dropped: DroppedMessage): void {
    this.stats.dropped++;
    this.options.onDropped?.(dropped);
  }
}

/** Offset in `chunk` behind the first `pattern` of the two taken together, where it may lie on the seam; -1 when there is none. */
function endAcross(stored: Buffer, chunk: Buffer, pattern: Buffer): number {
  const seam = stored.subarray(-(pattern.length - 1));
  const onSeam = Buffer.concat([seam, chunk.subarray(0, pattern.length - 1)]).indexOf(pattern);
  if (onSeam >= 0) return onSeam + pattern.length - seam.length;
  const at = chunk.indexOf(pattern);
  return at < 0 ? -1 : at + pattern.length;
}

function skipEmptyLines(bytes: Buffer, start: number): number {
  let from = start;
  while (bytes[from] === CR && bytes[from + 1] === LF) from += 2;
  return from;
}

function startsWith(bytes: Buffer, from: number, end: number, prefix: Buffer): boolean {
  if (end - from < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[from + i] !== prefix[i]) return false;
  }
  return true;
}

function headOf(bytes: Buffer, from: number, end: number): Pick<AmiMessage, 'kind' | 'name'> {
  const kind = startsWith(bytes, from, end, EVENT) ? 'event' : startsWith(bytes, from, end, RESPONSE) ? 'response' : 'other';
  const start = from + (kind === 'event' ? EVENT.length : kind === 'response' ? RESPONSE.length : 0);
  const eol = bytes.indexOf(CR, start);
  const nameEnd = Math.min(eol < 0 ? end : eol, end, start + NAME_BYTES);
  return { kind, name: bytes.toString('latin1', start, nameEnd) };
}

function linesIn(bytes: Buffer, from: number, end: number): number {
  let lines = 1;
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
