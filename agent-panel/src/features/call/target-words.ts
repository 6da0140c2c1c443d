import { useI18n } from 'vue-i18n';
import { TransferTarget } from '../../../../cti-gateway/protocol';
import { useWords } from '../../i18n/use-words';
import { useColleaguesStore } from './colleagues.store';

/** Names a transfer's target: `何静 1002`, a queue in words, a number grouped. */
export function useTargetWords(): (target: unknown) => string {
  const { t } = useI18n();
  const words = useWords();
  const colleagues = useColleaguesStore();

  return (given) => {
    const target = TransferTarget.safeParse(given);
    if (!target.success) return '';
    switch (target.data.kind) {
      case 'agent':
        return [colleagues.nameOf(target.data.extension), target.data.extension].filter(Boolean).join(' ');
      case 'queue':
        return t('transfer.queue', { queue: words.queue(target.data.queue) });
      case 'parking':
        return t('transfer.parking');
      case 'number':
        return words.phone(target.data.number);
    }
  };
}
