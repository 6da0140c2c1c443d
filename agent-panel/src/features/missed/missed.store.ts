import { defineStore } from 'pinia';
import { ref } from 'vue';
import { MissedCallCounts } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';
import { useSessionStore } from '../session/session.store';

const EVERY_MS = 5_000;

/** How many callers wait to be called back, for the rail and the dock; asked again every few seconds while the window is seen. */
export const useMissedStore = defineStore('missed', () => {
  const counts = ref<MissedCallCounts>({ open: 0, mine: 0, due: 0, done: 0 });
  /** Moves whenever the figures may have changed: lists read again. */
  const turn = ref(0);
  let users = 0;
  let timer: ReturnType<typeof setInterval> | null = null;

  async function refresh(): Promise<void> {
    if (!useSessionStore().may('missed.view')) return;
    try {
      counts.value = await useServices().api.get('/missed-calls/counts', MissedCallCounts);
      turn.value += 1;
    } catch {
      // the figures stay as they were; the list says what is wrong
    }
  }

  /** Returns what ends it. */
  function follow(): () => void {
    users += 1;
    void refresh();
    timer ??= setInterval(() => {
      if (!document.hidden) void refresh();
    }, EVERY_MS);
    return () => {
      users -= 1;
      if (users > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    };
  }

  return { counts, turn, refresh, follow };
});
