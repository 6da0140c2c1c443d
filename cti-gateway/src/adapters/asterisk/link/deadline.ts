import type { Clock } from '../../../ports/clock';

/** Rejects with what `late` makes when `promise` has not settled after `timeoutMs`; the promise itself is left alone. */
export function withDeadline<T>(clock: Clock, timeoutMs: number, promise: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutMs, () => reject(late()));
    promise.then(resolve, reject).finally(cancel);
  });
}

/**
 * Asks again and again whether the far side still answers. `ask` is called every `everyMs`, never twice at once; `onDead`
 * once, when an answer has not come within `timeoutMs` or was an error. Returns the function that ends it.
 */
export function heartbeat(options: {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly ask: () => Promise<unknown>;
  readonly onDead: (error: Error) => void;
}): () => void {
  const { clock, everyMs, timeoutMs, ask, onDead } = options;
  let stopped = false;
  let cancel = (): void => undefined;
  const beat = (): void => {
    withDeadline(clock, timeoutMs, ask(), () => new Error(`no answer to a ping within ${timeoutMs} ms`)).then(
      () => !stopped && next(),
      (error: unknown) => {
        if (stopped) return;
        stopped = true;
        onDead(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  const next = (): void => {
    cancel = clock.schedule(everyMs, beat);
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Resolves after that time, or as soon as `signal` says so. */
export function wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
