import { recordedLog } from '../../../../../test/fakes/asterisk-times';
import type { Clock } from '../../../ports/clock';
import { heartbeat } from './deadline';
import { LinkLoop, LinkRefusedError, type ReportState } from './link-loop';

/** Time that only the test moves; remembers every wait. */
class HeldClock implements Clock {
  readonly waits: number[] = [];
  private readonly timers = new Set<{ atMs: number; run: () => void }>();
  private now = 0;

  nowMs(): number {
    return this.now;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.now + delayMs, run };
    this.waits.push(delayMs);
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  get pending(): number {
    return this.timers.size;
  }

  async advance(byMs: number): Promise<void> {
    this.now += byMs;
    for (const timer of [...this.timers]) {
      if (timer.atMs > this.now) continue;
      this.timers.delete(timer);
      timer.run();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LinkLoop', () => {
  function looping(attempt: (signal: AbortSignal, report: ReportState) => Promise<void>): {
    loop: LinkLoop;
    clock: HeldClock;
    states: string[];
    lines: string[];
  } {
    const clock = new HeldClock();
    const { log, lines } = recordedLog();
    const states: string[] = [];
    const loop = new LinkLoop({
      name: 'link',
      clock,
      log,
      backoff: { firstMs: 100, maxMs: 1_000, refusedMs: 30_000 },
      random: () => 0.5,
      attempt,
      onState: (state) => states.push(state),
    });
    return { loop, clock, states, lines };
  }

  it('waits longer after each failure, up to a limit, and from the beginning after a success', async () => {
    let failing = true;
    const { loop, clock } = looping(async (_, report) => {
      if (!failing) report('up');
      throw new Error('no');
    });
    loop.start();
    await settled();
    for (let i = 0; i < 6; i++) await clock.advance(1_000);
    failing = false;
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(clock.waits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000, 100, 100]);
    await loop.close();
    expect(clock.pending).toBe(0);
  });

  it('is down from an end until it is up again, however many attempts that takes', async () => {
    let failing = true;
    const { loop, clock, states } = looping(async (_, report) => {
      if (!failing) report('up');
      throw new Error('no');
    });
    loop.start();
    await settled();
    for (let i = 0; i < 5; i++) await clock.advance(1_000);
    expect(states).toEqual(['connecting', 'down']);
    failing = false;
    await clock.advance(1_000);
    expect(states).toEqual(['connecting', 'down', 'up', 'down']);
    await loop.close();
    expect(states).toEqual(['connecting', 'down', 'up', 'down']);
  });

  it('spreads its waits', async () => {
    const waits: number[] = [];
    for (const random of [0, 0.999]) {
      const clock = new HeldClock();
      const attempt = (): Promise<void> => Promise.reject(new Error('no'));
      const backoff = { firstMs: 100, maxMs: 100, refusedMs: 100 };
      const loop = new LinkLoop({
        name: 'link',
        clock,
        log: recordedLog().log,
        backoff,
        random: () => random,
        attempt,
        onState: () => undefined,
      });
      loop.start();
      await settled();
      waits.push(...clock.waits);
      await loop.close();
    }
    expect(waits.map(Math.round)).toEqual([75, 125]);
  });

  it('waits long after a refusal and says it once', async () => {
    const { loop, clock, lines } = looping(() => Promise.reject(new LinkRefusedError('wrong')));
    loop.start();
    await settled();
    await clock.advance(30_000);
    await clock.advance(30_000);
    expect(clock.waits).toEqual([30_000, 30_000, 30_000]);
    expect(lines.filter((line) => line.includes('check the name and password'))).toHaveLength(1);
    await loop.close();
  });

  it('says of a refusal what is to be done about it', async () => {
    const { loop, lines } = looping(() => Promise.reject(new LinkRefusedError('taken', 'end the other one')));
    loop.start();
    await settled();
    expect(lines.filter((line) => line.includes('link refused: end the other one') && line.includes('"message":"taken"'))).toHaveLength(1);
    expect(lines.join()).not.toContain('password');
    await loop.close();
  });

  it('closes while waiting, while connecting, before the start, and twice', async () => {
    const waiting = looping(() => Promise.reject(new Error('no')));
    waiting.loop.start();
    await settled();
    await Promise.all([waiting.loop.close(), waiting.loop.close()]);
    expect(waiting.states).toEqual(['connecting', 'down']);

    const connecting = looping((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('closed')))));
    connecting.loop.start();
    await connecting.loop.close();
    expect(connecting.states).toEqual(['connecting', 'down']);
    expect(connecting.lines).toEqual([]);

    const never = looping(() => Promise.resolve());
    await never.loop.close();
    expect(() => never.loop.start()).toThrow('closed');
    expect(never.states).toEqual([]);
  });
});

describe('heartbeat', () => {
  it('asks one at a time, says once that nobody answers, and ends', async () => {
    const clock = new HeldClock();
    const dead: string[] = [];
    let asked = 0;
    let answering = true;
    const ask = (): Promise<void> => {
      asked++;
      return answering ? Promise.resolve() : new Promise(() => undefined);
    };
    const stop = heartbeat({ clock, everyMs: 100, timeoutMs: 50, ask, onDead: ({ message }) => dead.push(message) });
    await clock.advance(100);
    await clock.advance(100);
    answering = false;
    await clock.advance(100);
    await clock.advance(49);
    expect([asked, dead]).toEqual([3, []]);
    await clock.advance(1);
    await clock.advance(1_000);
    expect([asked, dead]).toEqual([3, ['no answer to a ping within 50 ms']]);
    stop();
    stop();
    expect(clock.pending).toBe(0);
  });

  it('does not report an answer that is late because it was stopped', async () => {
    const clock = new HeldClock();
    const dead: string[] = [];
    const stop = heartbeat({
      clock,
      everyMs: 100,
      timeoutMs: 50,
      ask: () => new Promise(() => undefined),
      onDead: ({ message }) => dead.push(message),
    });
    await clock.advance(100);
    stop();
    await clock.advance(50);
    expect(dead).toEqual([]);
  });
});
