import { onScopeDispose, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../app/api-client';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const SKELETON_AFTER_MS = 300;

/**
 * A list read page by page. Only the newest question's answer is taken; what is there stays until the new answer comes,
 * and the skeleton is shown only when that takes longer than 300 ms.
 */
export function usePages<T>(read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
  const items = shallowRef<readonly T[]>([]);
  const nextCursor = ref<string | null>(null);
  const loading = ref(false);
  const slow = ref(false);
  const loaded = ref(false);
  const failure = shallowRef<ApiError | null>(null);
  let question: AbortController | null = null;
  let further = false;

  async function ask(cursor: string | undefined): Promise<void> {
    question?.abort();
    const mine = new AbortController();
    question = mine;
    loading.value = true;
    failure.value = null;
    const timer = setTimeout(() => (slow.value = cursor === undefined), SKELETON_AFTER_MS);
    try {
      const page = await read(cursor, mine.signal);
      if (question !== mine) return;
      items.value = cursor === undefined ? page.items : [...items.value, ...page.items];
      nextCursor.value = page.nextCursor;
      further = cursor !== undefined;
      loaded.value = true;
    } catch (cause) {
      if (question === mine) failure.value = asApiError(cause);
    } finally {
      clearTimeout(timer);
      if (question === mine) {
        loading.value = false;
        slow.value = false;
      }
    }
  }

  function clear(): void {
    question?.abort();
    question = null;
    items.value = [];
    nextCursor.value = null;
    loading.value = false;
    loaded.value = false;
    failure.value = null;
  }

  onScopeDispose(() => question?.abort());
  return {
    items,
    nextCursor,
    loading,
    slow,
    loaded,
    failure,
    reload: () => ask(undefined),
    /** There is something new at the top. Not while further pages are shown: their rows would vanish under the hand. */
    renew: () => void (further || ask(undefined)),
    more: () => ask(nextCursor.value ?? undefined),
    clear,
  };
}
