import type { LockRequest, LocksLike } from './leadership-types';

export interface PhoneLockEvents {
  readonly acquired: () => void;
  /** Somebody else holds it: for the first time, or because it was taken from here. */
  readonly lost: () => void;
}

/**
 * The exclusive lock of an agent's telephone. Waits for it for as long as it lives; the browser passes it on by itself
 * when the holder's window closes or crashes. Taking it by force goes before everybody who waits.
 */
export class PhoneLock {
  readonly #locks: LocksLike;
  readonly #name: string;
  readonly #events: PhoneLockEvents;
  #queue = new AbortController();
  #release: () => void = () => {};
  #closed = false;

  constructor(locks: LocksLike, name: string, events: PhoneLockEvents) {
    this.#locks = locks;
    this.#name = name;
    this.#events = events;
  }

  start(): void {
    void this.#hold({ ifAvailable: true }).then(() => this.#fallBehind());
  }

  /** Takes the lock from whoever has it. Agree with them first. */
  steal(): void {
    this.#queue.abort();
    void this.#hold({ steal: true }).then(() => this.#fallBehind());
  }

  close(): void {
    this.#closed = true;
    this.#queue.abort();
    this.#release();
  }

  #fallBehind(): void {
    if (this.#closed) return;
    this.#events.lost();
    this.#queue = new AbortController();
    const { signal } = this.#queue;
    void this.#hold({ signal }).then(() => {
      if (!signal.aborted) this.#fallBehind();
    });
  }

  /** Resolves when the lock is lost again, or was not to be had. */
  async #hold(request: LockRequest): Promise<void> {
    try {
      await this.#locks.request(this.#name, request, (lock) => {
        if (lock === null || this.#closed) return Promise.resolve();
        const held = new Promise<void>((resolve) => (this.#release = resolve));
        this.#events.acquired();
        return held;
      });
    } catch {
      // taken by another window, or no longer waited for: both are AbortError
    }
  }
}
