import { onBeforeUnmount, watch, type Ref } from 'vue';

/**
 * Keeps a half-filled form of this window: answering a call leads to another page, coming back finds it as it was.
 * Returns what forgets it (after saving).
 */
export function useFormDraft<T>(key: string, form: Ref<T>, storage: Storage = globalThis.sessionStorage): () => void {
  const at = `hotline.form.${key}`;
  const stored = storage.getItem(at);
  if (stored !== null) {
    try {
      form.value = JSON.parse(stored) as T;
    } catch {
      storage.removeItem(at);
    }
  }
  let forgotten = false;
  const stop = watch(
    form,
    (value) => {
      if (!forgotten) storage.setItem(at, JSON.stringify(value));
    },
    { deep: true },
  );
  onBeforeUnmount(stop);
  return () => {
    forgotten = true;
    storage.removeItem(at);
  };
}
