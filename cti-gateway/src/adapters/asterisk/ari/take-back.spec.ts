import { ManualClock } from '../../../../../test/fakes/manual-clock';
import { PbxError, type PbxFailure } from '../../../ports/pbx';
import { AskedChannel, takeBack } from './take-back';

const flushed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A request under way, and a telephone system whose answer to a hang-up is for the test to choose. */
function taking() {
  const clock = new ManualClock(0);
  const abort = new AbortController();
  let answer = (): void => undefined;
  let fail = (_error: unknown): void => undefined;
  const request = new Promise<void>((resolve, reject) => ([answer, fail] = [resolve, reject]));
  const asked = new AskedChannel(request);
  const world = {
    clock,
    abort,
    answer: () => answer(),
    fail: (error: unknown) => fail(error),
    found: 'not_found' as PbxFailure | null,
    hangups: [] as number[],
    result: '',
    async pass(ms: number): Promise<void> {
      await flushed();
      for (const endMs = clock.nowMs() + ms; clock.nowMs() < endMs;) {
        clock.advance(50);
        await flushed();
      }
    },
  };
  const hangup = async (): Promise<void> => {
    world.hangups.push(clock.nowMs());
    if (world.found !== null) throw new PbxError(world.found, 'x');
  };
  takeBack({ asked, hangup, clock, signal: abort.signal }).then(
    () => (world.result = 'gone'),
    (error: PbxError) => (world.result = error.reason),
  );
  return world;
}

it('goes on, however often the channel is not there, until the request is answered; then at once', async () => {
  const world = taking();
  await world.pass(30_000);
  expect(world.result).toBe('');
  expect(world.hangups.length).toBeGreaterThan(100);
  world.found = null;
  const before = world.hangups.length;
  world.answer();
  await flushed();
  expect(world.hangups).toHaveLength(before + 1);
  expect(world.result).toBe('gone');
  expect(world.clock.pending).toBe(0);
});

it('asks less and less often while nobody answers', async () => {
  const world = taking();
  world.found = 'timeout';
  await world.pass(10_000);
  const waits = world.hangups.slice(1).map((atMs, index) => atMs - (world.hangups[index] ?? 0));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000, 2_000]);
  expect(world.result).toBe('');
});

type World = ReturnType<typeof taking>;

it.each<[string, PbxFailure | null, (world: World) => void]>([
  ['the channel was ended', null, () => undefined],
  ['it was made, and has gone by itself', 'not_found', (world) => world.answer()],
  ['it is refused', 'timeout', (world) => world.fail(new Error('{"error":"Allocation failed"}'))],
  ['a gateway before us had it', 'not_found', (world) => world.fail(new Error('Channel with given unique ID already exists'))],
])('is over when %s', async (_, found, settle) => {
  const world = taking();
  world.found = found;
  settle(world);
  await world.pass(2_000);
  expect(world.result).toBe('gone');
});

it('of a request whose connection broke it waits a while for the channel', async () => {
  const world = taking();
  world.fail(new PbxError('timeout', 'broken'));
  await world.pass(3_000);
  world.found = 'unavailable';
  await world.pass(4_000);
  world.found = 'not_found';
  await world.pass(4_000);
  expect(world.result).toBe('');
  await world.pass(4_000);
  expect(world.result).toBe('gone');
});

it('ends with the link', async () => {
  const world = taking();
  await world.pass(1_000);
  world.abort.abort();
  await flushed();
  expect(world.result).toBe('unavailable');
  expect(world.clock.pending).toBe(0);
});
