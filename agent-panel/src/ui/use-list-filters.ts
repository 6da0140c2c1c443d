import { computed, reactive, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const TYPING_MS = 200;

/**
 * What a list is narrowed down to. It stands in the page's address as well: a page that is left and come back to, or loaded again,
 * shows the same list; and an address opens the list it names.
 *
 * @param names the filters; each is a text, empty: not asked for.
 * @param changed called when the list is to be read again.
 */
export function useListFilters<F extends string>(names: readonly F[], changed: () => void) {
  const route = useRoute();
  const router = useRouter();
  const home = route.path;
  const asked = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
  const askedRange = (): DayRange | null => (asked('from') !== '' && asked('to') !== '' ? { from: asked('from'), to: asked('to') } : null);

  const values = reactive(Object.fromEntries(names.map((name) => [name, asked(name)]))) as Record<F, string>;
  const range = ref<DayRange | null>(askedRange());
  const query = computed<Readonly<Record<string, string>>>(() => ({
    ...range.value,
    ...Object.fromEntries(names.map((name) => [name, values[name].trim()])),
  }));
  const filtered = computed(() => Object.values(query.value).some((value) => value !== ''));

  function clear(): void {
    range.value = null;
    for (const name of names) values[name] = '';
  }

  /** Into the address, beside what else stands there (`undefined` takes it away). */
  async function note(more: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
    if (route.path !== home) return;
    const all = { ...route.query, from: undefined, to: undefined, ...query.value, ...more };
    await router.replace({ query: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== '')) });
  }

  let timer: ReturnType<typeof setTimeout> | null = null;
  watch(query, (now, before) => {
    if (JSON.stringify(now) === JSON.stringify(before)) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      void note();
      changed();
    }, TYPING_MS);
  });
  watch(
    () => route.query,
    () => {
      if (route.path !== home) return;
      for (const name of names) if (asked(name) !== values[name].trim()) values[name] = asked(name);
      if (JSON.stringify(askedRange()) !== JSON.stringify(range.value)) range.value = askedRange();
    },
  );

  return { values, range, query, filtered, clear, note, asked };
}
