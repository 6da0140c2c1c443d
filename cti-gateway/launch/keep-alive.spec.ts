import { keepAlive } from './keep-alive';

class Dying {
  restarts = 0;
  failures = 0;
  private listener: ((code: number | null) => void) | null = null;
  onExit(listener: (code: number | null) => void): () => void {
    this.listener = listener;
    return () => (this.listener = null);
  }
  async restart(): Promise<void> {
    this.restarts += 1;
    if (this.failures-- > 0) throw new Error('no luck');
  }
  die(): void {
    this.listener?.(null);
  }
}

describe('keepAlive', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('starts again what has ended, and says so', async () => {
    const target = new Dying();
    const said: string[] = [];
    keepAlive('crm-core', target, (line) => said.push(line));
    target.die();
    await jest.advanceTimersByTimeAsync(500);
    expect(target.restarts).toBe(1);
    expect(said).toEqual(['crm-core has ended (by a signal); starting it again in 0.5 s …', 'crm-core runs again.']);
  });

  it('waits longer each time it fails', async () => {
    const target = new Dying();
    target.failures = 3;
    keepAlive('x', target, () => undefined);
    target.die();
    const counts: number[] = [];
    for (const pauseMs of [500, 1000, 2000, 4000]) {
      await jest.advanceTimersByTimeAsync(pauseMs - 1);
      counts.push(target.restarts);
      await jest.advanceTimersByTimeAsync(1);
    }
    expect(counts).toEqual([0, 1, 2, 3]);
    expect(target.restarts).toBe(4);
  });

  it('does nothing after it was closed', async () => {
    const target = new Dying();
    const close = keepAlive('x', target, () => undefined);
    target.die();
    close();
    close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(target.restarts).toBe(0);
  });
});
