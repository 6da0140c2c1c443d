/**
 * One message of the Asterisk Manager Interface. Headers are decoded when somebody asks for one, so that a message nobody
 * looks at costs no more than finding its end.
 */
export interface AmiMessage {
  readonly kind: 'event' | 'response' | 'other';
  /** Name of the event (`Newchannel`), value of the response (`Success`, `Error`, `Goodbye`), or the first line of anything else. */
  readonly name: string;
  /** First value of the header, spelled as Asterisk spells it (`CallerIDNum`, but `CallerIDnum` in CEL); undefined when absent. */
  get(header: string): string | undefined;
  /** Every value of a repeated header (`Output`, `ChanVariable`), in order. */
  getAll(header: string): string[];
  /** Every header with its value, in the order of the wire. For diagnosis; the hot path uses {@link AmiMessage.get}. */
  entries(): [header: string, value: string][];
}

const CRLF = '\r\n';
const SPACE = 0x20;

/** Search patterns by header name: the names come from our own source, so the map is as small as that list. */
const patterns = new Map<string, string>();

function patternOf(header: string): string {
  const known = patterns.get(header);
  if (known !== undefined) return known;
  const pattern = `${CRLF}${header}:`;
  if (patterns.size < 1_000) patterns.set(header, pattern);
  return pattern;
}

/** The bytes of one message, from its first line to its last header, without the blank line. */
export class LazyAmiMessage implements AmiMessage {
  private text: string | null = null;

  constructor(
    readonly kind: AmiMessage['kind'],
    readonly name: string,
    private bytes: Buffer | null,
  ) {}

  get(header: string): string | undefined {
    const text = this.decoded();
    const pattern = patternOf(header);
    const at = text.indexOf(pattern);
    return at < 0 ? undefined : valueAt(text, at + pattern.length);
  }

  getAll(header: string): string[] {
    const text = this.decoded();
    const pattern = patternOf(header);
    const values: string[] = [];
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) {
      values.push(valueAt(text, at + pattern.length));
    }
    return values;
  }

  entries(): [header: string, value: string][] {
    return this.decoded()
      .split(CRLF)
      .filter((line) => line !== '')
      .map((line) => {
        const colon = line.indexOf(':');
        return colon < 0 ? [line, ''] : [line.slice(0, colon), valueAt(line, colon + 1)];
      });
  }

  /** A leading CRLF makes the first line findable like every other; the bytes are let go once they are text. */
  private decoded(): string {
    if (this.text === null) {
      this.text = CRLF + (this.bytes?.toString('utf8') ?? '');
      this.bytes = null;
    }
    return this.text;
  }
}

function valueAt(text: string, afterColon: number): string {
  const start = text.charCodeAt(afterColon) === SPACE ? afterColon + 1 : afterColon;
  const end = text.indexOf(CRLF, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
