import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelRef, PbxEvent } from '../../../domain/call/pbx-event';
import { silentLog } from '../../../ports/log';
import { parseCelLine } from './cel-line';
import type { CelRecord } from './cel-record';
import { GapFiller } from './gap-filler';

const AT_MS = 1_795_283_190_000;
const record = (type: string, offsetMs: number, id = 'h-1'): CelRecord => {
  const line = `"${type}","${(AT_MS + offsetMs) / 1000}","PJSIP/trunk-${id}","${id}","${id}","139","","0206","from-trunk","","","",""`;
  const parsed = parseCelLine(line);
  if (parsed === null) throw new Error(line);
  return parsed;
};
const whole = [record('CHAN_START', 0), record('ANSWER', 10), record('HANGUP', 500), record('CHAN_END', 500)];
const snapshot = { channels: [], queues: [], members: [], devices: [], startupKey: 'a' };
const resynced = (gapFromMs: number | null): Extract<PbxEvent, { type: 'resynced' }> => ({
  type: 'resynced',
  atMs: AT_MS + 1_000,
  gapFromMs,
  pbxRestarted: false,
  snapshot,
});
const channelRefOf = (channelId: string): ChannelRef => ({
  channelId,
  linkedId: channelId,
  channelName: `PJSIP/trunk-${channelId}`,
  callerNumber: null,
  callerName: null,
  connectedNumber: null,
  exten: null,
  context: null,
  variables: {},
});
const shutdown: PbxEvent = { type: 'pbx.shutdown', atMs: AT_MS + 1_001 };

function filler(history: { since(fromMs: number): Promise<readonly CelRecord[]> }, done: readonly string[] = []) {
  const events: PbxEvent[] = [];
  let held = 0;
  const last = { fromMs: AT_MS - 5_000, seenUntilMs: AT_MS - 100, done: new Set(done) };
  const checkpoints = { last: () => last, hold: () => ((held += 1), () => void (held -= 1)) };
  const gaps = new GapFiller({ history, checkpoints, emit: (event) => events.push(event), log: silentLog });
  return { gaps, events, held: () => held, types: () => events.map((event) => `${event.type}${event.recovered === true ? '*' : ''}`) };
}

it('tells what happened since the last run before what is now, and keeps what comes meanwhile', async () => {
  const { gaps, events, types } = filler({ since: () => Promise.resolve(whole) });
  gaps.take(resynced(null));
  gaps.take(shutdown);
  await delay(20);
  expect(types()).toEqual(expect.arrayContaining(['channel.created*', 'channel.ended*']));
  expect(types().slice(-2)).toEqual(['resynced', 'pbx.shutdown']);
  expect(events.at(-2)).toMatchObject({ gapFromMs: AT_MS - 100 });
});

it('says of which channels the end waits behind', async () => {
  const { gaps, events } = filler({ since: () => Promise.resolve([]) });
  gaps.take({ ...resynced(AT_MS), endsToCome: ['h-1'] });
  const channel = channelRefOf('h-2');
  gaps.take({ type: 'channel.ended', atMs: AT_MS + 1_001, channel, cause: 16, state: 'up' });
  await delay(20);
  expect(events).toMatchObject([{ type: 'resynced', endsToCome: ['h-1', 'h-2'] }, { type: 'channel.ended' }]);
});

it('leaves out calls that were dealt with, and channels whose beginning is not in the log', async () => {
  const half = [record('HANGUP', 100, 'h-0'), record('CHAN_END', 100, 'h-0')];
  const { gaps, types } = filler({ since: () => Promise.resolve([...half, ...whole]) }, ['h-1']);
  gaps.take(resynced(null));
  await delay(20);
  expect(types()).toEqual(['resynced']);
});

it('of a cut tells only what came in it', async () => {
  const { gaps, types } = filler({ since: () => Promise.resolve(whole) });
  gaps.take(resynced(null));
  await delay(20);
  gaps.take(resynced(AT_MS + 100));
  await delay(20);
  const cut = types().slice(types().indexOf('resynced') + 1);
  expect(cut).not.toContain('channel.created*');
  expect(cut).toEqual(expect.arrayContaining(['channel.ended*', 'resynced']));
});

it('does not keep agents waiting for a slow disk, tells later what it reads late, and saves no checkpoint until then', async () => {
  const { gaps, types, held } = filler({ since: () => delay(2_000, whole) });
  gaps.take(resynced(null));
  await delay(1_700);
  expect(types()).toEqual(['resynced']);
  expect(held()).toBe(1);
  await delay(600);
  expect(types()).toContain('channel.ended*');
  expect(held()).toBe(0);
});

it('goes on without the log when it cannot be read', async () => {
  const { gaps, types, held } = filler({ since: () => Promise.reject(new Error('EACCES')) });
  gaps.take(resynced(null));
  await delay(20);
  expect(types()).toEqual(['resynced']);
  expect(held()).toBe(0);
});
