import { useI18n } from 'vue-i18n';
import type { MatchPlace } from '../../../../cti-gateway/protocol';
import { PROVINCES_IN_ENGLISH } from '../../i18n/province-names';
import { useWords } from '../../i18n/use-words';

/** `广东 广州`, `手机 · 移动号段`, `香港`: where a number belongs, as far as its digits tell. */
export function usePlaceWords() {
  const { te, locale } = useI18n();
  const words = useWords();

  function country(code: string): string {
    return new Intl.DisplayNames([locale.value], { type: 'region' }).of(code) ?? code;
  }

  /** Municipalities are a city of the same name: said once. */
  function region({ province, city }: MatchPlace): string | null {
    if (province === null) return null;
    const name = locale.value === 'en' ? (PROVINCES_IN_ENGLISH[province] ?? province) : province;
    return city === null || city === province ? name : `${name} ${city}`;
  }

  return function place(numberClass: string, where: MatchPlace | null | undefined): string {
    const parts = [words.code('numberClass', numberClass)];
    if (where?.carrier && te(`carrier.${where.carrier}`, 'zh-CN')) parts.push(words.code('carrier', where.carrier));
    if (where?.country && where.country !== 'CN') parts.push(country(where.country));
    const inside = where ? region(where) : null;
    if (inside !== null) parts.push(inside);
    return parts.join(' · ');
  };
}
