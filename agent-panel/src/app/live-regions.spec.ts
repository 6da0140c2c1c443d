import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { nextTick } from 'vue';
import { useNoticeStore } from '../features/cti/notice.store';
import { i18n } from '../i18n';
import LiveRegions from './LiveRegions.vue';

describe('what screen readers hear', () => {
  it('has the same words anew when they are said again', async () => {
    const pinia = createPinia();
    const page = mount(LiveRegions, { global: { plugins: [pinia, i18n] } });
    const ring = async () => {
      useNoticeStore(pinia).announce({ key: 'pop.spoken', params: { who: '郑凯' } }, 'assertive');
      await nextTick();
      return page.find('[data-test="live-assertive"] span').element;
    };
    const first = await ring();
    expect(first.textContent).toContain('郑凯');
    const second = await ring();
    expect([second.textContent, second === first]).toEqual([first.textContent, false]);
  });
});
