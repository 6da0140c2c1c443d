/**
 * What the call model costs: every recorded stream again and again, from bytes to rows, and the model alone.
 *
 *   node .build/test/bench/call-model.js           about 5 s
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AmiReader } from '../../cti-gateway/src/adapters/asterisk/ami-reader';
import { toPbxEvent, WANTED_EVENTS } from '../../cti-gateway/src/adapters/asterisk/pbx-events';
import { CallBook } from '../../cti-gateway/src/domain/call/call-book';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import { ReplayStream } from '../../cti-gateway/src/replay/replay-stream';

const ROUNDS = 7;
const REPEATS = 20;
const MODEL = { trunkEndpoints: ['trunk'], agentExtension: /^\d{3,6}$/ };

/** Works from the sources and from `.build`: the recordings are not compiled. */
const folder = path.resolve(process.cwd(), 'test/fixtures/asterisk-22.10');
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith('.ami.raw'))
  .map((file) => readFileSync(path.join(folder, file)));

function eventsOf(bytes: Buffer): PbxEvent[] {
  const events: PbxEvent[] = [];
  const reader = new AmiReader({
    wantedEvents: WANTED_EVENTS,
    onMessage: (message) => {
      const event = toPbxEvent(message);
      if (event !== null) events.push(event);
    },
  });
  reader.push(bytes);
  return events;
}

/** Processor time of one run in microseconds, median of the rounds. */
function measure(run: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let repeat = 0; repeat < REPEATS; repeat++) run();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / REPEATS);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

const streams = recordings.map(eventsOf);
const events = streams.reduce((sum, stream) => sum + stream.length, 0);
const bytes = recordings.reduce((sum, recording) => sum + recording.length, 0);
let rows = 0;

const whole = measure(() => {
  rows = 0;
  for (const recording of recordings) {
    const replay = new ReplayStream({ ...MODEL, onRow: () => (rows += 1) });
    replay.push(recording);
    replay.end();
  }
});
const model = measure(() => {
  for (const stream of streams) {
    const book = new CallBook(MODEL);
    for (const event of stream) book.apply(event);
  }
});

console.log(`${recordings.length} recordings, ${(bytes / 1e6).toFixed(1)} MB, ${events} events that matter, ${rows} rows`);
console.log(
  `bytes to rows   ${(whole / 1_000).toFixed(1)} ms   ${(whole / events).toFixed(1)} µs per event   ${Math.round((events / whole) * 1e6).toLocaleString('en')} events/s`,
);
console.log(
  `model alone     ${(model / 1_000).toFixed(1)} ms   ${(model / events).toFixed(1)} µs per event   ${Math.round((events / model) * 1e6).toLocaleString('en')} events/s`,
);
