/** Time as a value: tests move it, the service uses the machine's. */
export interface Clock {
  nowMs(): number;
  /** Calls back after `delayMs`; the returned function cancels it and may be called twice. */
  schedule(delayMs: number, callback: () => void): () => void;
}
