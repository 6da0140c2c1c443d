import type { CallView, DeviceState, Presence, Snapshot } from '../../cti-gateway/protocol';
import { startHarness, until, type Harness, type TestPanel } from './gateway-harness';

jest.setTimeout(60_000);

/** mulberry32: small, seeded, the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A panel that believes frames only: across cuts it keeps its state and what it has seen last, as the real one does. */
class Believer {
  readonly calls = new Map<string, CallView>();
  presence: Presence = { state: 'offline' };
  device: DeviceState = 'unknown';
  holes = 0;
  resumes = 0;
  snapshots = 0;
  private panel: TestPanel | null = null;
  private taken = 0;
  private last: { epoch: string; seq: number } | null = null;

  constructor(
    private readonly h: Harness,
    private readonly extension: string,
  ) {}

  async connect(): Promise<void> {
    this.cut();
    this.panel = await this.h.connect();
    this.taken = 0;
    const resume = this.last === null ? {} : { resume: this.last };
    await this.panel.hello({ userId: `u-${this.extension}`, extension: this.extension }, this.h.clock.nowMs(), {
      tab: `tab-${this.extension}-fuzz`,
      ...resume,
    });
  }

  /** Whatever arrived until now is taken in; the rest is lost with the connection. */
  cut(): void {
    this.read();
    this.panel?.drop();
    this.panel = null;
  }

  async settle(): Promise<void> {
    if (this.panel === null || this.panel.closeCode !== null) await this.connect();
    await this.panel?.settle();
    this.read();
  }

  async truth(): Promise<Snapshot> {
    const fresh = await this.h.connect();
    await fresh.hello({ userId: `u-${this.extension}`, extension: this.extension }, this.h.clock.nowMs(), {
      tab: `tab-${this.extension}-true`,
    });
    const snapshot = await fresh.event('session.started');
    fresh.drop();
    return snapshot;
  }

  private read(): void {
    for (const event of this.panel?.events.slice(this.taken) ?? []) {
      this.taken += 1;
      if (event.type !== 'session.started' && (this.last?.epoch !== event.epoch || event.seq !== this.last.seq + 1)) this.holes += 1;
      this.last = { epoch: event.epoch, seq: event.seq };
      this.believe(event.type, event.data);
    }
  }

  private believe(type: string, data: unknown): void {
    const { call, presence, device } = data as { call?: CallView; presence?: Presence; device?: DeviceState };
    if (type === 'session.resumed') this.resumes += 1;
    if (type === 'session.started') {
      this.snapshots += 1;
      this.calls.clear();
      for (const known of (data as Snapshot).calls) this.calls.set(known.callId, known);
    }
    if (call !== undefined) this.calls.set(call.callId, call);
    if (presence !== undefined) this.presence = presence;
    if (device !== undefined) this.device = device;
    if (type === 'call.matched') {
      const { callId, match } = data as { callId: string; match: CallView['match'] };
      const known = this.calls.get(callId);
      if (known !== undefined) this.calls.set(callId, { ...known, match });
    }
  }
}

interface Ringing {
  readonly callId: string;
  readonly legs: Map<string, string>;
  answered: boolean;
}

const EXTENSIONS = ['1001', '1002'];

/** One thing that happens at the telephone system, chosen by chance among what is possible now. */
function happen(h: Harness, calls: Ringing[], random: () => number): void {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const free = (extension: string): boolean => !calls.some((call) => call.legs.has(extension));
  const chance = random();
  const call = pick(calls);
  if (call === undefined || chance < 0.2) {
    const callId = `f${h.clock.nowMs()}-${Math.floor(random() * 1e9)}`;
    h.pbx.callIn({
      callId,
      number: `139${Math.floor(random() * 1e8)
        .toString()
        .padStart(8, '0')}`,
    });
    calls.push({ callId, legs: new Map(), answered: false });
  } else if (!call.answered && chance < 0.5) {
    const extension = pick(EXTENSIONS.filter(free));
    if (extension !== undefined) call.legs.set(extension, h.pbx.ring(call.callId, extension));
  } else if (!call.answered && chance < 0.7) {
    const [extension, leg] = pick([...call.legs]) ?? [];
    if (extension === undefined || leg === undefined) return;
    for (const [other, otherLeg] of [...call.legs]) {
      if (other === extension) continue;
      h.pbx.stopRinging(call.callId, otherLeg, { result: 'cancel', cause: 26 });
      call.legs.delete(other);
    }
    h.pbx.answer(call.callId, leg);
    call.answered = true;
  } else if (!call.answered && chance < 0.8) {
    const [extension, leg] = pick([...call.legs]) ?? [];
    if (extension === undefined || leg === undefined) return;
    h.pbx.stopRinging(call.callId, leg, { result: 'no_answer', cause: 16 });
    call.legs.delete(extension);
  } else if (call.answered && chance < 0.75) {
    for (const leg of call.legs.values()) h.pbx.hold(leg, random() < 0.5);
  } else {
    for (const leg of call.answered ? [] : [...call.legs.values()]) h.pbx.stopRinging(call.callId, leg, { result: 'cancel', cause: 16 });
    if (call.answered) h.pbx.end(call.callId, 16, 'peer');
    else h.pbx.abandon(call.callId);
    calls.splice(calls.indexOf(call), 1);
  }
}

const live = (calls: Iterable<CallView>): CallView[] =>
  [...calls].filter((call) => call.state !== 'ended').sort((a, b) => (a.callId < b.callId ? -1 : 1));

const SEEDS = (process.env.FUZZ_SEEDS ?? '1,2,3,4,5,6,7,8').split(',').map(Number);

describe('panels that are cut off at any moment', () => {
  it.each(SEEDS)('believe in the end what the gateway knows, without a hole on the way (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const h = await startHarness({ limits: { resumeFrames: seed % 2 === 0 ? 512 : 4, silenceMs: 10_000_000, framesPerSecond: 1_000 } });
    try {
      const calls: Ringing[] = [];
      const believers = EXTENSIONS.map((extension) => new Believer(h, extension));
      for (const believer of believers) await believer.connect();
      for (let step = 0; step < 150; step += 1) {
        happen(h, calls, random);
        h.clock.advance(Math.floor(random() * 400));
        const believer = believers[Math.floor(random() * believers.length)];
        const chance = random();
        if (chance < 0.1) believer?.cut();
        else if (chance < 0.2) await believer?.connect();
        else if (chance < 0.25) await h.panel({ extension: '1001', userId: 'u-1001' }).then((panel) => panel.drop());
        else if (chance < 0.28) h.pbx.resync({ gapFromMs: h.clock.nowMs(), pbxRestarted: false });
        else if (chance < 0.3) h.pbx.device('1001', random() < 0.5 ? 'idle' : 'in_use');
      }
      for (const believer of believers) {
        await until(() => h.crm.requests.length > 0);
        // Lookups under way finish, then everybody is asked what they believe.
        await new Promise((resolve) => setTimeout(resolve, 50));
        await believer.settle();
        const truth = await believer.truth();
        expect(live(believer.calls.values())).toEqual(live(truth.calls));
        expect(believer.presence).toEqual(truth.presence);
        expect(believer.device).toEqual(truth.device);
        expect(believer.holes).toBe(0);
      }
      expect(believers.reduce((sum, { resumes }) => sum + resumes, 0)).toBeGreaterThan(0);
    } finally {
      await h.close();
    }
  });
});
