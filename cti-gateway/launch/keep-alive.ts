import { messageOf, type Say } from './launch-error';

/** A process that can be watched and started again. */
export interface Restartable {
  onExit(listener: (code: number | null) => void): () => void;
  restart(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A process that has run this long may fail afresh. */
const SETTLED_AFTER_MS = 60_000;

/**
 * Starts a process again when it has ended by itself, at first soon, then with longer and longer pauses, and says so.
 * The returned function ends the watch; it does not end the process.
 */
export function keepAlive(name: string, target: Restartable, say: Say): () => void {
  let pauseMs = FIRST_PAUSE_MS;
  let startedAtMs = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const again = (): void => {
    if (closed) return;
    if (Date.now() - startedAtMs > SETTLED_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
    timer = setTimeout(() => void attempt(), pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  const attempt = async (): Promise<void> => {
    startedAtMs = Date.now();
    try {
      await target.restart();
      if (!closed) say(`${name} runs again.`);
    } catch (error) {
      if (closed) return;
      say(`${name} did not start: ${messageOf(error)}`);
      again();
    }
  };
  const unsubscribe = target.onExit((code) => {
    say(`${name} has ended (${code === null ? 'by a signal' : `code ${code}`}); starting it again in ${pauseMs / 1000} s …`);
    again();
  });
  return () => {
    closed = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
