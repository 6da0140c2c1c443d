import { pauseSetOf } from '../../cti-gateway/src/domain/agent/pause-set';
import { Random } from '../faults/random';
import { startHarness, type Harness, type TestPanel } from './gateway-harness';

jest.setTimeout(60_000);

const SEEDS = (process.env.FUZZ_SEEDS ?? '1,2,3,4,5,6,7,8').split(',').map(Number);
const READY = { paused: false, reason: '' };

/** How often things happen to one agent, and to what is between gateway and Asterisk. */
const CHANCES = {
  ready: 1,
  paused: 1,
  offline: 1,
  training: 2,
  next: 1,
  done: 1,
  talk: 2,
  talkEnds: 2,
  ringsInVain: 1,
  console: 1,
  cut: 2,
  mend: 1,
  fallBehind: 1,
  catchUp: 2,
  restart: 1,
};

/** What happens to one agent while everything is possible. */
class Day {
  private serial = 0;
  private talk: string | null = null;
  private cutAtMs: number | null = null;

  constructor(
    private readonly h: Harness,
    private readonly panel: TestPanel,
    private readonly random: Random,
  ) {}

  async happen(): Promise<void> {
    await this.one(this.random.pick(CHANCES));
    this.h.clock.advance(Math.floor(this.random.next() ** 2 * 15_000));
    await this.panel.settle();
  }

  private async one(what: keyof typeof CHANCES): Promise<unknown> {
    const { panel, random } = this;
    const { pbx } = this.h;
    switch (what) {
      case 'ready':
        return panel.command('presence.set', { state: 'ready' });
      case 'paused':
        return panel.command('presence.set', { state: 'paused', reason: random.pick({ break: 1, meeting: 1 }) });
      case 'offline':
        return panel.command('presence.set', { state: 'offline' });
      case 'training':
        return panel.command(random.pick({ 'presence.pause': 1, 'presence.resume': 1 }), { reason: 'training' });
      case 'next': {
        const state = random.pick({ offline: 1, paused: 1, none: 1 });
        return panel.command('presence.next', {
          next: state === 'none' ? null : state === 'offline' ? { state } : { state, reason: 'break' },
        });
      }
      case 'done':
        return panel.command('wrapUp.finish', { callId: null });
      case 'talk':
        return this.beginTalk();
      case 'talkEnds':
        return this.endTalk();
      case 'ringsInVain':
        return this.ringInVain();
      case 'console':
        return this.console();
      case 'cut':
        return this.cut();
      case 'mend':
        return this.mend();
      case 'fallBehind':
        return pbx.fallBehind();
      case 'catchUp':
        return random.next() < 0.5 ? pbx.catchUp(random.between(1, 3)) : pbx.catchUp();
      case 'restart':
        return this.restart();
    }
  }

  /** Nothing happens any more; sooner or later every link is whole. */
  async calm(): Promise<void> {
    this.endTalk();
    await this.pass(this.random.next() * 15_000);
    this.mend();
    this.h.pbx.catchUp();
    await this.pass(45_000);
  }

  private async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 3_000) {
      this.h.clock.advance(3_000);
      await this.panel.settle();
    }
  }

  private ring(): { callId: string; leg: string } {
    const callId = `c${++this.serial}`;
    this.h.pbx.callIn({ callId, number: '13912345678' });
    return { callId, leg: this.h.pbx.ring(callId, '1001') };
  }

  beginTalk(): void {
    if (this.talk !== null) return;
    const { callId, leg } = this.ring();
    this.h.pbx.answer(callId, leg);
    this.talk = leg;
  }

  private endTalk(): void {
    if (this.talk !== null) this.h.pbx.end(this.talk);
    this.talk = null;
  }

  private ringInVain(): void {
    const { callId, leg } = this.ring();
    this.h.pbx.stopRinging(callId, leg, { result: this.random.pick({ busy: 1, no_answer: 1 }), cause: 0 });
    this.h.pbx.abandon(callId);
  }

  private console(): void {
    const { pbx } = this.h;
    const member = pbx.members.get('1001') ?? READY;
    const what = this.random.pick({ same: 1, ready: 1, paused: 1, removed: 0.5 });
    if (what === 'removed') pbx.removeMember('1001');
    else pbx.setMember('1001', { same: member, ready: READY, paused: { paused: true, reason: 'lunch with the boss' } }[what]);
  }

  /** Actions fail, or only their answers are lost; the events may be cut off as well. */
  private cut(): void {
    const { pbx, clock } = this.h;
    pbx.failures[this.random.pick({ queue: 1, queueAnswer: 1 })] = this.random.pick({ unavailable: 1, timeout: 1 });
    if (this.random.next() < 0.5) pbx.setLink('ami', 'connecting');
    if (this.random.next() < 0.5) return;
    this.cutAtMs ??= clock.nowMs();
    pbx.fallBehind();
  }

  private mend(): void {
    if (this.cutAtMs !== null) {
      this.h.pbx.loseLate();
      this.h.pbx.resync({ gapFromMs: this.cutAtMs, pbxRestarted: false });
      this.cutAtMs = null;
    }
    delete this.h.pbx.failures.queue;
    delete this.h.pbx.failures.queueAnswer;
    this.h.pbx.setLink('ami', 'up');
  }

  /** It has forgotten its members, or remembers them, perhaps as they were before. */
  private restart(): void {
    const { pbx } = this.h;
    this.talk = null;
    this.cutAtMs = null;
    pbx.loseLate();
    if (pbx.members.has('1001') && this.random.next() < 0.3) pbx.members.set('1001', { paused: true, reason: 'break' });
    pbx.restart({ keepMembers: this.random.next() < 0.5 });
  }
}

describe('an agent whose gateway and queue lose sight of each other', () => {
  it.each(SEEDS)('is in the end shown as the queue has it, and kept from its calls by no mark (seed %i)', async (seed) => {
    const random = new Random(seed);
    const limits = { silenceMs: 1_000_000_000, framesPerSecond: 1_000 };
    const h = await startHarness({ limits, settings: { wrapUpMs: 10_000, wrapUpMaxMs: 30_000 } });
    try {
      const panel = await h.panel({ userId: 'u-1001', extension: '1001' });
      const day = new Day(h, panel, random);
      for (let turn = 0; turn < 10; turn += 1) {
        await panel.command('presence.set', { state: 'ready' });
        if (random.next() < 0.7) day.beginTalk();
        for (let step = 0; step < 10; step += 1) await day.happen();
        await day.calm();
        const member = h.pbx.members.get('1001');
        const fresh = await h.connect();
        await fresh.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000009' });
        const { presence, afterCall } = await fresh.event('session.started');
        fresh.drop();
        expect(panel.of('presence.changed').at(-1)?.presence ?? presence).toEqual(presence);
        expect(afterCall.wrapUp).toBeNull();
        const { reasons, mark } = pauseSetOf(
          member === undefined ? { kind: 'removed' } : { kind: 'member', paused: member.paused, pausedReason: member.reason },
        );
        expect(mark).toBeNull();
        expect(presence).toMatchObject({ state: member === undefined ? 'offline' : reasons.length > 0 ? 'paused' : 'ready' });
        if (presence.state === 'paused') expect(presence.reasons).toEqual(reasons);
      }
    } finally {
      await h.close();
    }
  });
});
