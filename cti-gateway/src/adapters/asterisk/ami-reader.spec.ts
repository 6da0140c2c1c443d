import fs from 'node:fs';
import path from 'node:path';
import { AmiReader, type AmiMessage, type AmiReaderOptions, type DroppedMessage } from './ami-reader';

const BANNER = 'Asterisk Call Manager/11.0.0\r\n';
const LOGIN = 'Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n';
const CALL =
  'Event: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/trunk-00000001\r\nCallerIDName: 王芳 ☎\r\nChanVariable: CTI_ID=a-1.0\r\nChanVariable: CTI_LINE=02066668888\r\nAccountCode: \r\n\r\n';
/** As this build of Asterisk ends its TestEvent: two empty lines. */
const TEST_EVENT = 'Event: TestEvent\r\nType: StateChange\r\n\r\n\r\n';
const COMMAND =
  'Response: Success\r\nActionID: 2\r\nMessage: Command output follows\r\nOutput: first: line\r\nOutput: \r\nOutput: third\r\n\r\n';

interface Read {
  readonly messages: AmiMessage[];
  readonly dropped: DroppedMessage[];
  readonly reader: AmiReader;
}

function reading(options: Partial<AmiReaderOptions> = {}): Read {
  const messages: AmiMessage[] = [];
  const dropped: DroppedMessage[] = [];
  const reader = new AmiReader({ onMessage: (message) => messages.push(message), onDropped: (drop) => dropped.push(drop), ...options });
  return { messages, dropped, reader };
}

function plain(messages: readonly AmiMessage[]): unknown[] {
  return messages.map((message) => [message.kind, message.name, message.entries()]);
}

/** Small repeatable generator (mulberry32): a failing seed is printed by the test's name. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('AmiReader', () => {
  const stream = Buffer.from(BANNER + LOGIN + TEST_EVENT + CALL + COMMAND + CALL);

  it('reads banner, response, events and the output of a command', () => {
    const { reader, messages } = reading();
    reader.push(stream);
    expect(messages.map((message) => `${message.kind} ${message.name}`)).toEqual([
      'other Asterisk Call Manager/11.0.0',
      'response Success',
      'event TestEvent',
      'event Newchannel',
      'response Success',
      'event Newchannel',
    ]);
    const call = messages[3];
    expect(call?.get('CallerIDName')).toBe('王芳 ☎');
    expect(call?.get('AccountCode')).toBe('');
    expect(call?.get('Chan')).toBeUndefined();
    expect(call?.get('channel')).toBeUndefined();
    expect(call?.getAll('ChanVariable')).toEqual(['CTI_ID=a-1.0', 'CTI_LINE=02066668888']);
    expect(messages[4]?.getAll('Output')).toEqual(['first: line', '', 'third']);
    expect(messages[1]?.get('Response')).toBe('Success');
  });

  it('gives the same messages wherever the stream is cut in two', () => {
    const whole = reading();
    whole.reader.push(stream);
    for (let cut = 0; cut <= stream.length; cut++) {
      const { reader, messages } = reading();
      reader.push(stream.subarray(0, cut));
      reader.push(stream.subarray(cut));
      expect(plain(messages)).toEqual(plain(whole.messages));
      expect(reader.end()).toBe(0);
    }
  });

  it.each([1, 2, 3, 4, 5])('gives the same messages in random chunks (seed %d)', (seed) => {
    const next = random(seed);
    const whole = reading();
    whole.reader.push(stream);
    const { reader, messages } = reading();
    for (let at = 0; at < stream.length;) {
      const size = 1 + Math.floor(next() * (seed === 1 ? 1 : 12));
      reader.push(stream.subarray(at, at + size));
      at += size;
    }
    expect(plain(messages)).toEqual(plain(whole.messages));
  });

  it('drops unwanted events by name and keeps every response', () => {
    const { reader, messages } = reading({ wantedEvents: new Set(['Newchannel']) });
    reader.push(stream);
    expect(messages.map((message) => message.name)).toEqual([
      'Asterisk Call Manager/11.0.0',
      'Success',
      'Newchannel',
      'Success',
      'Newchannel',
    ]);
    expect(reader.stats).toMatchObject({ messages: 6, unwanted: 1, dropped: 0 });
  });

  it('reports half a message at the end of a connection and starts clean on the next one', () => {
    const { reader, messages, dropped } = reading();
    reader.push(Buffer.from(BANNER + LOGIN + 'Event: Hangup\r\nChannel: PJSIP/1001-0'));
    expect(reader.end()).toBe(36);
    expect(dropped).toEqual([{ why: 'cut_off', kind: 'event', name: 'Hangup', bytes: 36 }]);
    reader.push(Buffer.from(BANNER + LOGIN));
    expect(messages.map((message) => message.name)).toEqual([
      'Asterisk Call Manager/11.0.0',
      'Success',
      'Asterisk Call Manager/11.0.0',
      'Success',
    ]);
  });

  it.each([16, 1_000, 65_536])('passes over a message that is too long, in chunks of %d, and reads on behind it', (size) => {
    const { reader, messages, dropped } = reading({ maxMessageBytes: 2_000 });
    const long = Buffer.from(LOGIN + `Event: UserEvent\r\nData: ${'x'.repeat(30_000)}\r\n\r\n` + CALL);
    let largest = 0;
    for (let at = 0; at < long.length; at += size) {
      reader.push(long.subarray(at, at + size));
      largest = Math.max(largest, (reader as unknown as { store: Buffer }).store.length);
    }
    expect(messages.map((message) => message.name)).toEqual(['Success', 'Newchannel']);
    expect(dropped).toHaveLength(1);
    expect(dropped[0]).toMatchObject({ why: 'too_long', kind: 'event', name: 'UserEvent' });
    expect(largest).toBeLessThanOrEqual(2_004);
  });

  it('refuses a message with too many headers', () => {
    const { reader, messages, dropped } = reading({ maxHeaders: 100 });
    reader.push(Buffer.from(`Response: Success\r\n${'Output: x\r\n'.repeat(100)}\r\n${LOGIN}`));
    expect(messages.map((message) => message.get('ActionID'))).toEqual(['1']);
    expect(dropped.map((drop) => drop.why)).toEqual(['too_many_headers']);
  });

  it('survives bytes that are no AMI at all', () => {
    const { reader, messages } = reading();
    reader.push(Buffer.from([0xff, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a]));
    reader.push(Buffer.from('HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n' + LOGIN));
    expect(messages.map((message) => message.kind)).toEqual(['other', 'other', 'response']);
    expect(messages[1]?.get('Server')).toBe('x');
  });
});

/** Streams of a real Asterisk, byte for byte (test/fixtures/asterisk-22.10/README.md). */
describe('AmiReader on recorded streams', () => {
  const folder = path.join(__dirname, '../../../../test/fixtures/asterisk-22.10');
  const recordings = fs.readdirSync(folder).filter((name) => name.endsWith('.ami.raw'));

  /** The grammar said once more in the plainest way: no limits, no chunks. */
  function plainly(text: string): string[][] {
    return text
      .replace(/^(Asterisk Call Manager\/.*)\r\n/gm, '$1\r\n\r\n')
      .split('\r\n\r\n')
      .map((message) => message.split('\r\n').filter((line) => line !== ''))
      .filter((lines) => lines.length > 0);
  }

  it.each(recordings)('%s: the same messages as by the plain way, in chunks of any size', (name) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    const next = random(bytes.length);
    const expected = plainly(bytes.toString('utf8'));
    for (const largest of [1, 40, 2_000, bytes.length]) {
      const { reader, messages, dropped } = reading();
      for (let at = 0; at < bytes.length;) {
        const size = 1 + Math.floor(next() * largest);
        reader.push(bytes.subarray(at, at + size));
        at += size;
      }
      const lines = messages.map((message) =>
        message.entries().map(([header, value]) => (message.kind === 'other' ? header : `${header}: ${value}`)),
      );
      if (reader.end() > 0) expect(dropped.at(-1)?.why).toBe('cut_off');
      expect(lines).toEqual(expected.slice(0, lines.length));
      expect(expected.length - lines.length).toBe(dropped.length);
    }
  });
});
