import { useI18n } from 'vue-i18n';
import { useWords } from '../../i18n/use-words';
import type { Words } from '../cti/notice.store';
import { useTargetWords } from './target-words';

/** Turns a notice into a sentence: codes become words, numbers are grouped. */
export function useNoticeWords(): (words: Words) => string {
  const { t } = useI18n();
  const say = useWords();
  const targetWords = useTargetWords();

  return ({ key, params = {} }) => {
    const spoken: Record<string, unknown> = { ...params };
    if (typeof params.number === 'string') spoken.number = params.number === '' ? '' : say.phone(params.number);
    if (typeof params.code === 'string') spoken.code = say.code('error', params.code);
    if (typeof params.outcome === 'string')
      spoken.outcome = params.outcome.includes('.') ? say.code('error', params.outcome) : say.code('dialEnd', params.outcome);
    if (typeof params.reason === 'string') spoken.reason = say.code('phoneFailure', params.reason);
    if (params.target !== undefined) spoken.target = targetWords(params.target);
    if (typeof params.title === 'string') spoken.title = t(params.title);
    return t(key, spoken);
  };
}
