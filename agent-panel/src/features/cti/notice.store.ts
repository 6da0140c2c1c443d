import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

/** Words are given as i18n keys, so that they follow a change of language while they stand there. */
export interface Words {
  readonly key: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Said aloud; `nth` tells the same words said again from words that still stand. */
export interface Spoken extends Words {
  readonly nth: number;
}

export interface BarNotice {
  readonly tone: 'error' | 'info' | 'ok';
  readonly words: Words;
  readonly atMs: number;
}

/** What was done just now, with a way back where there is one; or, `warn`, that it was not, where no form stands to say it. */
export interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'warn';
  readonly words: Words;
  readonly undo: (() => void) | null;
}

const NOTICE_MS = 15_000;
const TOAST_MS = 8_000;

/** Everything that is said in passing: one line in the call bar, toasts for what was done, and what screen readers hear. */
export const useNoticeStore = defineStore('notice', () => {
  const bar = shallowRef<BarNotice | null>(null);
  const toasts = shallowRef<readonly Toast[]>([]);
  const polite = ref<Spoken | null>(null);
  const assertive = ref<Spoken | null>(null);
  let nextId = 1;

  function sayInBar(tone: BarNotice['tone'], key: string, params: Readonly<Record<string, unknown>> = {}): void {
    const notice: BarNotice = { tone, words: { key, params }, atMs: Date.now() };
    bar.value = notice;
    setTimeout(() => {
      if (bar.value === notice) bar.value = null;
    }, NOTICE_MS);
  }

  function clearBar(): void {
    bar.value = null;
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  function show(toast: Omit<Toast, 'id'>): void {
    const id = nextId++;
    toasts.value = [...toasts.value, { id, ...toast }].slice(-3);
    setTimeout(() => dismiss(id), TOAST_MS);
  }

  function toast(key: string, params: Readonly<Record<string, unknown>> = {}, undo: (() => void) | null = null): void {
    show({ tone: 'ok', words: { key, params }, undo });
  }

  function warn(key: string, params: Readonly<Record<string, unknown>> = {}): void {
    show({ tone: 'warn', words: { key, params }, undo: null });
  }

  function announce(words: Words, urgency: 'polite' | 'assertive' = 'polite'): void {
    const spoken = { ...words, nth: nextId++ };
    if (urgency === 'assertive') assertive.value = spoken;
    else polite.value = spoken;
  }

  return { bar, toasts, polite, assertive, sayInBar, clearBar, toast, warn, dismiss, announce };
});
