import type { PhoneCommand, PhoneResult } from '../softphone/phone-types';
import { createLeadership } from './leadership';
import type { Leadership, TabRole } from './leadership-types';
import { FakeAir, FakeLocks } from './testing/fake-windows';
import { ManualClock, settle } from './testing/manual-clock';

interface Status {
  readonly line: string;
}

/** One window with a telephone that remembers what it was told. */
class Window {
  readonly commands: PhoneCommand[] = [];
  readonly roles: TabRole[] = [];
  status: Status = { line: 'free' };
  busy = false;
  released = 0;
  result: Promise<PhoneResult> = Promise.resolve({ ok: true });
  readonly leadership: Leadership<Status>;

  constructor(
    private readonly floor: Floor,
    userId: string,
  ) {
    this.leadership = createLeadership<Status>({
      userId,
      locks: floor.locks.forWindow(this),
      openChannel: (name) => floor.air.open(this, name),
      clock: floor.clock,
      phone: {
        perform: (command) => {
          this.commands.push(command);
          return this.result;
        },
        status: () => this.status,
        mayRelease: () => !this.busy,
        release: () => {
          this.released += 1;
          return Promise.resolve();
        },
      },
    });
    this.leadership.onRole((role) => this.roles.push(role));
  }

  /** Closed by the user or crashed: nothing of it runs any more. */
  async die(): Promise<void> {
    this.floor.air.kill(this);
    this.floor.locks.kill(this);
    await settle();
  }
}

class Floor {
  readonly locks = new FakeLocks();
  readonly air = new FakeAir();
  readonly clock = new ManualClock();

  async window(userId = 'u1'): Promise<Window> {
    const window = new Window(this, userId);
    await settle();
    return window;
  }
}

async function twoWindows(): Promise<{ floor: Floor; first: Window; second: Window }> {
  const floor = new Floor();
  const first = await floor.window();
  const second = await floor.window();
  return { floor, first, second };
}

describe('who leads', () => {
  it('the first window does, the others follow and hear how its telephone is', async () => {
    const { first, second } = await twoWindows();
    expect([first.leadership.role, second.leadership.role]).toEqual(['leader', 'follower']);
    expect(second.leadership.leaderStatus).toEqual({ line: 'free' });
    first.leadership.publish({ line: 'ringing' });
    await settle();
    expect(second.leadership.leaderStatus).toEqual({ line: 'ringing' });
    second.leadership.publish({ line: 'nonsense' });
    await settle();
    expect(first.leadership.leaderStatus).toEqual({ line: 'ringing' });
  });

  it('two agents in one browser do not get in each other’s way', async () => {
    const floor = new Floor();
    const [one, two] = [await floor.window('u1'), await floor.window('u2')];
    expect([one.leadership.role, two.leadership.role]).toEqual(['leader', 'leader']);
  });

  it('every window leads itself where the browser has no locks', () => {
    const phone = {
      perform: () => Promise.resolve({ ok: true } as const),
      status: () => 1,
      mayRelease: () => true,
      release: () => Promise.resolve(),
    };
    expect(createLeadership({ userId: 'u1', phone, locks: null }).role).toBe('leader');
  });

  it.each(['dies', 'is closed'])('the next one does when the leader %s', async (how) => {
    const { floor, first, second } = await twoWindows();
    const third = await floor.window();
    if (how === 'dies') await first.die();
    else first.leadership.close();
    await settle();
    expect([second.leadership.role, third.leadership.role]).toEqual(['leader', 'follower']);
    second.leadership.publish({ line: 'mine' });
    await settle();
    expect(third.leadership.leaderStatus).toEqual({ line: 'mine' });
  });
});

describe('a follower’s commands', () => {
  it.each<PhoneCommand>([
    { type: 'answer' },
    { type: 'reject' },
    { type: 'hangup' },
    { type: 'hold', held: true },
    { type: 'mute', muted: false },
    { type: 'digits', digits: '12#' },
  ])('are carried out by the leader: %j', async (command) => {
    const { first, second } = await twoWindows();
    first.result = Promise.resolve({ ok: false, reason: 'wrong_state' });
    expect(await second.leadership.perform(command)).toEqual({ ok: false, reason: 'wrong_state' });
    expect(first.commands).toEqual([command]);
    expect(second.commands).toEqual([]);
  });

  it('are the leader’s own when it is itself', async () => {
    const { first } = await twoWindows();
    expect(await first.leadership.perform({ type: 'answer' })).toEqual({ ok: true });
    expect(first.commands).toHaveLength(1);
  });

  it('fail by a deadline when nobody answers', async () => {
    const { floor, second } = await twoWindows();
    floor.air.lost.add('perform');
    const answer = second.leadership.perform({ type: 'answer' });
    await floor.clock.advance(6_000);
    expect(await answer).toEqual({ ok: false, reason: 'no_leader' });
  });

  it('are refused when they are no commands', async () => {
    const { floor, first } = await twoWindows();
    const stranger = floor.air.open({}, 'hotline-phone:1:u1');
    stranger.postMessage({ kind: 'perform', from: 'someone-else', id: 'command-1', command: { type: 'format_disk' } });
    stranger.postMessage({ kind: 'perform', command: { type: 'hangup' } });
    stranger.postMessage('hangup');
    await settle();
    expect(first.commands).toEqual([]);
  });
});

describe('bringing the telephone here', () => {
  it('moves it when nobody is on the line, past those who wait longer', async () => {
    const { floor, first, second } = await twoWindows();
    const third = await floor.window();
    expect(await third.leadership.bringHere()).toEqual({ ok: true });
    await settle();
    expect([first, second, third].map(({ leadership }) => leadership.role)).toEqual(['follower', 'follower', 'leader']);
    expect(first.roles).toEqual(['yielding', 'follower']);
    expect(first.released).toBeGreaterThanOrEqual(1);
    expect(await first.leadership.bringHere()).toEqual({ ok: true });
    expect(first.leadership.role).toBe('leader');
  });

  it('is refused during a call, even by force', async () => {
    const { first, second } = await twoWindows();
    first.busy = true;
    expect(await second.leadership.bringHere()).toEqual({ ok: false, reason: 'in_call' });
    expect(await second.leadership.bringHere({ force: true })).toEqual({ ok: false, reason: 'in_call' });
    expect(first.leadership.role).toBe('leader');
    expect(first.released).toBe(0);
  });

  it('needs force when the leader does not answer', async () => {
    const { floor, first, second } = await twoWindows();
    floor.air.lost.add('ask');
    const polite = second.leadership.bringHere();
    await floor.clock.advance(1_500);
    expect(await polite).toEqual({ ok: false, reason: 'no_answer' });
    const forced = second.leadership.bringHere({ force: true });
    await floor.clock.advance(1_500);
    expect(await forced).toEqual({ ok: true });
    await settle();
    expect(first.leadership.role).toBe('follower');
    expect(first.released).toBe(1);
  });

  it('leads on when the asker has vanished after the consent', async () => {
    const { floor, first, second } = await twoWindows();
    floor.air.lost.add('consent');
    const asked = second.leadership.bringHere();
    await settle();
    expect(first.leadership.role).toBe('yielding');
    await floor.clock.advance(3_000);
    expect(first.leadership.role).toBe('leader');
    expect(await asked).toEqual({ ok: false, reason: 'no_answer' });
  });

  it('costs nothing when it is here', async () => {
    const { first } = await twoWindows();
    expect(await first.leadership.bringHere()).toEqual({ ok: true });
    expect(first.roles).not.toContain('yielding');
  });
});

describe('closing', () => {
  it('ends what waits, twice without harm', async () => {
    const { floor, first, second } = await twoWindows();
    floor.air.lost.add('perform');
    const answer = second.leadership.perform({ type: 'answer' });
    second.leadership.close();
    second.leadership.close();
    expect(await answer).toEqual({ ok: false, reason: 'no_leader' });
    expect(await second.leadership.perform({ type: 'answer' })).toEqual({ ok: false, reason: 'closed' });
    expect(await second.leadership.bringHere()).toEqual({ ok: false, reason: 'closed' });
    await settle();
    expect(floor.locks.waiting('hotline-phone:u1')).toBe(0);
    first.leadership.close();
    await settle();
    expect(second.leadership.role).toBe('closed');
    expect(floor.clock.pending).toBe(0);
  });
});
