/**
 * How much processor the reading of the manager interface costs, next to a floor taken in the same run and to
 * asterisk-manager's own parser.
 *
 *   node .build/test/bench/ami-parse.js           about 10 s
 *   node .build/test/bench/ami-parse.js --slow    asterisk-manager on 100,000 lines as well: another 20 s or more
 */
import { EventEmitter } from 'node:events';
import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import createManager from 'asterisk-manager';
import { AmiReader, type AmiMessage } from '../../cti-gateway/src/adapters/asterisk/ami-reader';
import { toPbxEvent, WANTED_EVENTS } from '../../cti-gateway/src/adapters/asterisk/pbx-events';

const EVENTS = 40_000;
const ROUNDS = 5;
/** What a socket hands over at most at once. */
const CHUNK_BYTES = 65_536;
const REPLY_LINES = 100_000;

/** Headers that a state event is asked for by the call model. */
const ASKED = [
  'Timestamp',
  'Channel',
  'Uniqueid',
  'Linkedid',
  'CallerIDNum',
  'CallerIDName',
  'ConnectedLineNum',
  'Exten',
  'Context',
  'ChannelStateDesc',
];

interface Figure {
  readonly name: string;
  /** Processor time per event, microseconds, median of the rounds. */
  readonly micros: number;
}

/** 20 lines, 482 bytes on average; every other one is of a type that nobody wants. */
function event(number: number): string {
  const wanted = number % 2 === 0;
  const lines = [
    `Event: ${wanted ? 'Newstate' : 'VarSet'}`,
    'Privilege: call,all',
    `Timestamp: 1795283190.${String(number % 1_000_000).padStart(6, '0')}`,
    'SystemName: hotline',
    'Channel: PJSIP/trunk-0000002a',
    'ChannelState: 6',
    'ChannelStateDesc: Up',
    'CallerIDNum: 13912345678',
    'CallerIDName: 王芳',
    'ConnectedLineNum: 1001',
    'ConnectedLineName: 林晓',
    'Language: cn',
    'AccountCode: ',
    'Context: from-trunk',
    'Exten: 02066668888',
    'Priority: 6',
    `Uniqueid: hotline-1795283190.${number}`,
    `Linkedid: hotline-1795283190.${number}`,
    `ChanVariable: CTI_ID=hotline-1795283190.${number}`,
    'ChanVariable: CTI_LINE=02066668888',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  return chunks;
}

let sink = 0;

function ask(message: AmiMessage): void {
  for (const header of ASKED) sink += message.get(header)?.length ?? 0;
}

/** The least there is to do: find the end, take the name, and for wanted types the headers asked for. No limits, no counting. */
function floorLazy(chunks: readonly Buffer[]): void {
  const wanted = new Set(['Newstate']);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for (const chunk of chunks) {
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\r\n\r\n', from); end >= 0; end = text.indexOf('\r\n\r\n', from)) {
      if (wanted.has(text.slice(from + 7, text.indexOf('\r\n', from)))) sink += askText(text.slice(from, end));
      from = end + 4;
    }
    rest = text.slice(from);
  }
}

function askText(message: string): number {
  let length = 0;
  for (const header of ASKED) {
    const at = message.indexOf(`\r\n${header}: `);
    if (at >= 0) length += message.slice(at + header.length + 4, message.indexOf('\r\n', at + 2)).length;
  }
  return length;
}

/** Every header of every message into an object. */
function floorFull(chunks: readonly Buffer[]): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for (const chunk of chunks) {
    const messages = (rest + decoder.write(chunk)).split('\r\n\r\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const headers: Record<string, string> = {};
      for (const line of message.split('\r\n')) {
        const colon = line.indexOf(': ');
        headers[line.slice(0, colon)] = line.slice(colon + 2);
      }
      sink += Object.keys(headers).length;
    }
  }
}

function oursLazy(chunks: readonly Buffer[]): void {
  const reader = new AmiReader({ wantedEvents: new Set(['Newstate']), onMessage: ask });
  for (const chunk of chunks) reader.push(chunk);
}

function oursFull(chunks: readonly Buffer[]): void {
  const reader = new AmiReader({ onMessage: (message) => (sink += message.entries().length) });
  for (const chunk of chunks) reader.push(chunk);
}

function oursToPbxEvents(chunks: readonly Buffer[]): void {
  const reader = new AmiReader({ wantedEvents: WANTED_EVENTS, onMessage: (message) => (sink += toPbxEvent(message)?.atMs ?? 0) });
  for (const chunk of chunks) reader.push(chunk);
}

/** asterisk-manager reads from a socket that it makes itself; here it gets one that only carries text. */
async function theirs(chunks: readonly Buffer[]): Promise<void> {
  const socket = Object.assign(new EventEmitter(), {
    setKeepAlive: () => undefined,
    setNoDelay: () => undefined,
    setEncoding: () => undefined,
    readyState: 'open',
  });
  const original = net.createConnection;
  const manager = createManager(null, '', '', '', true);
  Object.assign(net, { createConnection: () => socket });
  manager.connect({ port: 1 }, undefined, () => undefined);
  Object.assign(net, { createConnection: original });
  manager.on('managerevent', () => sink++);
  manager.on('response', () => sink++);
  const decoder = new StringDecoder('utf8');
  for (const chunk of chunks) {
    socket.emit('data', decoder.write(chunk));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function cpuMicros(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function medianMicros(work: () => void | Promise<void>): Promise<number> {
  const rounds: number[] = [];
  await work();
  for (let round = 0; round < ROUNDS; round++) rounds.push(await cpuMicros(work));
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

async function figure(name: string, work: () => void | Promise<void>): Promise<Figure> {
  return { name, micros: (await medianMicros(work)) / EVENTS };
}

function row(mine: Figure, floor: Figure): void {
  const ratio = (mine.micros / floor.micros).toFixed(2);
  console.log(
    `${mine.name.padEnd(44)} ${mine.micros.toFixed(2).padStart(7)} µs   floor ${floor.micros.toFixed(2).padStart(6)} µs   ratio ${ratio.padStart(6)}`,
  );
}

async function events(): Promise<void> {
  const bytes = Buffer.from(Array.from({ length: EVENTS }, (_, number) => event(number)).join(''));
  const chunks = chunksOf(bytes);
  console.log(
    `${EVENTS} events, ${Math.round(bytes.length / EVENTS)} bytes and 20 lines each, half of them wanted; processor time per event\n`,
  );
  const lazy = await figure('floor, lazy', () => floorLazy(chunks));
  const full = await figure('floor, every header', () => floorFull(chunks));
  row(await figure('our reader, lazy', () => oursLazy(chunks)), lazy);
  row(await figure('our reader, every header', () => oursFull(chunks)), full);
  row(await figure('our reader and the mapping to PbxEvent', () => oursToPbxEvents(chunks)), lazy);
  row(await figure('asterisk-manager', () => theirs(chunks)), full);
}

async function longReply(): Promise<void> {
  const linesOf = (count: number): Buffer[] =>
    chunksOf(
      Buffer.from(
        `Response: Success\r\nActionID: 1\r\n${Array.from({ length: count }, (_, i) => `Output: /SIP/Registry/${i}: 127.0.0.1:5060:60\r\n`).join('')}\r\n`,
      ),
    );
  const chunks = linesOf(REPLY_LINES);
  const ours = await medianMicros(() => {
    const reader = new AmiReader({
      maxMessageBytes: 1 << 24,
      maxHeaders: REPLY_LINES + 10,
      onMessage: (message) => (sink += message.getAll('Output').length),
    });
    for (const chunk of chunks) reader.push(chunk);
  });
  const floor = await medianMicros(() => {
    sink += Buffer.concat(chunks)
      .toString('utf8')
      .split('\r\n')
      .map((line) => line.slice(line.indexOf(': ') + 2)).length;
  });
  console.log(
    `\none reply of ${REPLY_LINES} lines: ours ${(ours / 1_000).toFixed(0)} ms   floor ${(floor / 1_000).toFixed(0)} ms   ratio ${(ours / floor).toFixed(2)}`,
  );
  const lines = process.argv.includes('--slow') ? REPLY_LINES : REPLY_LINES / 10;
  const slow = await cpuMicros(() => theirs(linesOf(lines)));
  console.log(`asterisk-manager, ${lines} lines: ${(slow / 1_000).toFixed(0)} ms (grows with the square)`);
}

void (async () => {
  await events();
  await longReply();
  if (sink === 0) throw new Error('nothing was read');
})();
