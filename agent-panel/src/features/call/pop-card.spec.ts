import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { createMemoryHistory } from 'vue-router';
import type { CallView } from '../../../../cti-gateway/protocol';
import { createAppRouter } from '../../app/router';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, call, match, owner } from '../../test-support/examples';
import { stage } from '../../test-support/fakes';
import { useSessionStore } from '../session/session.store';
import PopCard from './PopCard.vue';
import { useCallStore } from './call.store';

function show(view: CallView) {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = AGENT;
  const card = mount(PopCard, {
    props: { call: view },
    global: { plugins: [pinia, i18n, createAppRouter(createMemoryHistory())] },
    attachTo: document.body,
  });
  const text = (test: string) => card.find(`[data-test="${test}"]`);
  return { card, text, calls: useCallStore() };
}

describe('the card of a call that rings', () => {
  afterEach(() => (document.body.innerHTML = ''));

  it('names a known caller with company, number and the reason in words', () => {
    const { card, text } = show(call({ match: match('known', { reason: 'mobile.trunk_zero', owners: [owner()] }) }));
    expect(card.attributes()).toMatchObject({ role: 'alertdialog', 'aria-modal': 'false', 'data-kind': 'known', 'data-call-id': 'c1' });
    expect([text('pop-name').text(), text('pop-company').text(), text('pop-number').text()]).toEqual([
      '吴海燕',
      '云岭市政管网有限公司',
      '139 1234 5678',
    ]);
    expect(text('pop-why').text()).toContain('去掉手机号前的 0 后一致');
  });

  it('takes no focus', () => {
    document.body.innerHTML = '<input id="typing">';
    document.getElementById('typing')?.focus();
    show(call());
    expect(document.activeElement?.id).toBe('typing');
  });

  it('shows a hostile name as text', () => {
    const { card, text } = show(call({ remoteName: '<script>alert(1)</script>', match: match('unknown') }));
    expect(text('pop-name').text()).toContain('<script>alert(1)</script>');
    expect(card.element.querySelector('script')).toBeNull();
  });

  it('offers an unknown caller to be created or attached', () => {
    const { text } = show(call({ match: match('unknown') }));
    expect([text('pop-create').exists(), text('pop-attach').exists(), text('pop-number').text()]).toEqual([true, true, '139 1234 5678']);
  });

  it('shows the number at once while the name is looked for, and can be answered', () => {
    const { text } = show(call({ match: match('pending', { reason: 'pending' }) }));
    expect([text('pop-number').text(), text('pop-name').exists(), text('pop-why').text()]).toEqual([
      '139 1234 5678',
      false,
      expect.stringContaining('正在查找'),
    ]);
  });

  it('says that a number is withheld', () => {
    const { text } = show(call({ remoteNumber: null, match: match('withheld', { raw: null, key: null, reason: 'withheld.anonymous' }) }));
    expect(text('pop-number').text()).toBe('号码未显示');
  });

  it('lists all who share a number and takes none of them by itself', async () => {
    const owners = [
      owner(),
      owner({ contactId: 'p2', contactName: '郭志强' }),
      owner({ contactId: 'p3', contactName: '许丽' }),
      owner({ contactId: 'p4', contactName: '丁伟' }),
    ];
    const view = call({ match: match('shared', { owners }) });
    const { card, text, calls } = show(view);
    expect([text('pop-name').exists(), card.findAll('[data-test="pop-owner"]').length]).toEqual([false, 3]);
    await card.findAll('[data-test="pop-owner"]')[1]?.trigger('click');
    expect(calls.ownerOf(view)?.contactName).toBe('郭志强');
    expect(text('pop-name').text()).toBe('郭志强');
  });

  it('shows nothing of a possible owner that a stranger should not hear', () => {
    const { card } = show(call({ match: match('maybe', { reason: 'mobile.stray_plus', owners: [owner({ openRecordCount: 3 })] }) }));
    expect(card.text()).not.toContain('未解决');
    expect(card.text()).toContain('可能是');
  });

  it('has general words for a rule it does not know yet', () => {
    const { text } = show(call({ match: match('known', { reason: 'mobile.some_new_rule' }) }));
    expect(text('pop-why').text()).toContain('按号码规则识别');
  });
});
