import { computed, watch, type Ref } from 'vue';
import { useNow } from '../../ui/now';
import { useCtiStore } from '../cti/cti.store';
import { useNoticeStore } from '../cti/notice.store';
import type { BarModel } from './bar-types';

const SOON_MS = 15_000;

/** What the bar says to those who listen: every new state save ringing, which the pop card says more urgently; and when wrap-up is nearly over. */
export function useBarAnnouncements(model: Readonly<Ref<Pick<BarModel, 'state' | 'title'>>>): void {
  const cti = useCtiStore();
  const notices = useNoticeStore();
  const now = useNow();

  /** Heard as well as seen, while there is time to ask for more. */
  const nearlyOver = computed(() => {
    const wrapUp = cti.afterCall.wrapUp;
    return wrapUp !== null && Date.parse(wrapUp.until) - Math.max(now.value, Date.parse(wrapUp.standsUntil)) <= SOON_MS;
  });
  watch(nearlyOver, (soon) => {
    if (soon) notices.announce({ key: 'bar.wrapUpSoon', params: { seconds: SOON_MS / 1000 } });
  });
  watch(
    () => model.value.state,
    (state) => {
      if (state !== 'ringing') notices.announce({ key: 'bar.spoken', params: { title: model.value.title.key } });
    },
  );
}
