import { createI18n } from 'vue-i18n';
import { en } from './en';
import { zhCN } from './zh-cn';

export type AppLocale = 'zh-CN' | 'en';
export const LOCALES: readonly AppLocale[] = ['zh-CN', 'en'];

const STORED = 'hotline.locale';

/** What was chosen here before, else what the browser asks for, else Chinese. */
export function firstLocale(storage: Pick<Storage, 'getItem'>, wanted: readonly string[]): AppLocale {
  const stored = storage.getItem(STORED);
  if (stored === 'zh-CN' || stored === 'en') return stored;
  const known = wanted.find((tag) => tag.startsWith('zh') || tag.startsWith('en'));
  return known?.startsWith('en') ? 'en' : 'zh-CN';
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as AppLocale,
  fallbackLocale: 'zh-CN' as AppLocale,
  messages: { 'zh-CN': zhCN, en },
  missingWarn: false,
  fallbackWarn: false,
});

/** Switches every word in place; nothing is loaded, no page is left. */
export function applyLocale(locale: AppLocale, storage: Pick<Storage, 'setItem'> | null = null): void {
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
  storage?.setItem(STORED, locale);
}
