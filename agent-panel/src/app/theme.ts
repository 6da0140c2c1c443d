import { ref } from 'vue';

export type Theme = 'auto' | 'light' | 'dark';
const STORED = 'hotline.theme';

export const theme = ref<Theme>('auto');

function show(): void {
  const dark = theme.value === 'dark' || (theme.value === 'auto' && globalThis.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

export function chooseTheme(next: Theme): void {
  theme.value = next;
  globalThis.localStorage.setItem(STORED, next);
  show();
}

/** As chosen on this computer, else as the system has it, also when that changes at dusk. */
export function startTheme(): void {
  const stored = globalThis.localStorage.getItem(STORED);
  if (stored === 'light' || stored === 'dark') theme.value = stored;
  show();
  globalThis.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
}
