import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const now = ref(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | null = null;

/** The wall clock in milliseconds, moved twice a second by one timer for the whole page; for clocks and durations on screen. */
export function useNow(): Readonly<Ref<number>> {
  users += 1;
  now.value = Date.now();
  timer ??= setInterval(() => (now.value = Date.now()), 500);
  onScopeDispose(() => {
    users -= 1;
    if (users > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  });
  return readonly(now);
}
