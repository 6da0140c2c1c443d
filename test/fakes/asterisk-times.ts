import { pino, type Logger } from 'pino';
import type { Clock } from '../../cti-gateway/src/ports/clock';

/** The machine's own time, read anew at every call, so that jest's timers can stand in for it. */
export const machineClock: Clock = {
  nowMs: () => Date.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Times for adapters against a fake on this machine: short enough for a test, long enough for a busy machine. */
export const QUICK = { timeoutMs: 400, heartbeatMs: 60, backoff: { firstMs: 10, maxMs: 40, refusedMs: 80 } } as const;

/** A logger whose lines a test can read. */
export function recordedLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  return { log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }), lines };
}

/** Waits until something holds; the other side of a socket tells nobody when it is done. */
export async function until(what: string, holds: () => boolean, timeoutMs = 4_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !holds();) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
