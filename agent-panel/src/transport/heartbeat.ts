import type { PanelClock } from './clock';

export interface HeartbeatOptions {
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly ping: () => void;
  /** Nothing at all was heard between a ping and its deadline. */
  readonly silent: () => void;
}

/** Asks from time to time whether the other side is alive; anything heard counts as an answer. */
export class Heartbeat {
  readonly #clock: PanelClock;
  readonly #options: HeartbeatOptions;
  #cancelNext: () => void = () => {};
  #cancelDeadline: () => void = () => {};
  #waiting = false;

  constructor(clock: PanelClock, options: HeartbeatOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#cancelNext = this.#clock.schedule(this.#options.everyMs, () => this.probe());
  }

  /** Asks now; a deadline under way may become a shorter one. */
  probe(deadlineMs = this.#options.deadlineMs): void {
    if (this.#waiting && deadlineMs >= this.#options.deadlineMs) return;
    this.stop();
    this.#waiting = true;
    this.#cancelDeadline = this.#clock.schedule(deadlineMs, () => {
      this.stop();
      this.#options.silent();
    });
    this.#options.ping();
  }

  heard(): void {
    if (this.#waiting) this.start();
  }

  stop(): void {
    this.#cancelNext();
    this.#cancelDeadline();
    this.#waiting = false;
  }
}
