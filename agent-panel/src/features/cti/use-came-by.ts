import { useWords } from '../../i18n/use-words';
import { useCtiStore } from './cti.store';

interface Came {
  readonly line: string | null;
  readonly queue: string | null;
}

/** How a call came in one word: the name of its line, else its queue; null where neither is known. */
export function useCameBy(): (call: Came) => string | null {
  const cti = useCtiStore();
  const words = useWords();
  return ({ line, queue }) => cti.lineLabel(line) ?? (queue ? words.queue(queue) : null);
}
