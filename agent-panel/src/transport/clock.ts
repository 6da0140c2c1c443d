/** Time and timers as a value, so that tests move them. */
export interface PanelClock {
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels and may be called twice. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export const browserClock: PanelClock = {
  nowMs: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = globalThis.setTimeout(callback, delayMs);
    return () => globalThis.clearTimeout(timer);
  },
};
