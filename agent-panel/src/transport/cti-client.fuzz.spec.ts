import fc from 'fast-check';
import { createCtiClient } from './cti-client';
import { FakeGateway, FakeSignals, snapshot } from './testing/fake-gateway';
import { ManualClock, settle } from './testing/manual-clock';

/** `HOTLINE_TEST_SEED=…` repeats a run; on failure fast-check prints seed and path of the smallest counterexample. */
const seed = Number(process.env.HOTLINE_TEST_SEED ?? 20_261_121);
const numRuns = Number(process.env.HOTLINE_TEST_RUNS ?? 200);

type Mishap = 'change' | 'lost' | 'twice' | 'garbled' | 'cut' | 'restart' | 'silence' | 'wake' | 'wait';
const mishaps = fc.array(
  fc.constantFrom<Mishap>('change', 'change', 'change', 'lost', 'twice', 'garbled', 'cut', 'restart', 'silence', 'wake', 'wait'),
  {
    maxLength: 40,
  },
);

/** A gateway whose only truth is a number of waiting callers, and a panel that should know it. */
class Rehearsal {
  readonly gateway = new FakeGateway();
  readonly clock = new ManualClock();
  readonly signals = new FakeSignals();
  readonly client = createCtiClient({
    getTicket: () => Promise.resolve({ ticket: 't', url: 'ws://gateway' }),
    openSocket: (url) => this.gateway.open(url),
    clock: this.clock,
    signals: this.signals,
    random: () => 0.5,
  });
  waiting = 0;
  epochs = 1;
  seen: number | null = null;

  constructor() {
    this.gateway.greeting = 'honest';
    this.gateway.truth = () => ({ ...snapshot, queues: [{ queue: 'hotline', waiting: this.waiting }] });
    this.client.on('session.started', ({ queues }) => (this.seen = queues[0]?.waiting ?? null));
    this.client.on('queues.changed', ({ queues }) => (this.seen = queues[0]?.waiting ?? null));
  }

  async start(): Promise<void> {
    this.client.connect();
    await this.accept();
  }

  /** Lets a connection that is being opened come about. */
  async accept(): Promise<void> {
    await settle();
    if (this.client.state.name !== 'connecting' || this.gateway.sockets.length === 0) return;
    if (this.gateway.socket.readyState === 0) this.gateway.socket.accept();
    await settle();
  }

  async happens(mishap: Mishap): Promise<void> {
    const open = this.client.state.name === 'open';
    switch (mishap) {
      case 'change':
        this.waiting += 1;
        if (open) this.gateway.event('queues.changed', { queues: [{ queue: 'hotline', waiting: this.waiting }] });
        break;
      case 'lost':
        this.waiting += 1;
        this.gateway.seq += 1;
        break;
      case 'twice':
        if (open) this.gateway.socket.say(this.gateway.sent.get(this.gateway.seq) ?? 'nothing');
        break;
      case 'garbled':
        this.waiting += 1;
        this.gateway.seq += 1;
        if (open) this.gateway.raw('queues.changed', { queues: 'many' });
        break;
      case 'cut':
        if (open) this.gateway.socket.drop(1006);
        break;
      case 'restart':
        this.gateway.restart(`epoch-${(this.epochs += 1)}`);
        if (open) this.gateway.socket.drop(1012);
        break;
      case 'silence':
        this.gateway.mute.add('session.ping');
        await this.clock.advance(25_000);
        this.gateway.mute.clear();
        break;
      case 'wake':
        this.signals.wake();
        break;
      case 'wait':
        await this.clock.advance(700);
    }
    await this.accept();
  }

  /** Nothing goes wrong any more: the connection comes back, and one more change tells of any hole. */
  async calmDown(): Promise<void> {
    for (let i = 0; i < 5 && this.client.state.name !== 'open'; i++) {
      await this.clock.advance(16_000);
      await this.accept();
    }
    await this.happens('change');
    await this.clock.advance(1_000);
    await this.accept();
  }
}

describe('whatever happens to the connection', () => {
  it('the panel knows the truth in the end, and time leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(mishaps, async (story) => {
        const rehearsal = new Rehearsal();
        await rehearsal.start();
        for (const mishap of story) await rehearsal.happens(mishap);
        await rehearsal.calmDown();
        expect({ state: rehearsal.client.state.name, seen: rehearsal.seen }).toEqual({ state: 'open', seen: rehearsal.waiting });
        rehearsal.client.close();
        await settle();
        expect(rehearsal.clock.pending).toBe(0);
        expect(rehearsal.gateway.sockets.every((socket) => socket.readyState === 3)).toBe(true);
      }),
      { seed, numRuns },
    );
  });
});
