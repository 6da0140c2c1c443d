import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { setServices } from '../../app/services';
import { i18n } from '../../i18n';
import { AGENT, call, match, owner, talkingTo } from '../../test-support/examples';
import { stage } from '../../test-support/fakes';
import { useNoticeStore } from '../cti/notice.store';
import { useSessionStore } from '../session/session.store';
import CallHeadline from './CallHeadline.vue';
import { QUIET, disc } from './bar-parts';
import type { BarModel } from './bar-types';

const NOW = Date.parse('2025-11-21T14:30:10.000Z');
const TALKING: BarModel = {
  ...QUIET,
  state: 'in-call',
  tint: 'green',
  disc: disc('green', 'phone'),
  agent: { dot: 'work', title: { key: 'presence.working' }, detail: { key: 'presence.working' }, sinceMs: null },
  title: { key: 'bar.inCall' },
  detail: [],
  call: talkingTo(),
};
const CONSULT = {
  target: { kind: 'agent', extension: '1002' },
  state: 'target',
  since: '2025-11-21T14:30:05.000Z',
  customerHeldSince: null,
} as const;

function show(over: Partial<BarModel> = {}, endArmed = false) {
  setServices(stage().services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = AGENT;
  const headline = mount(CallHeadline, { props: { model: { ...TALKING, ...over }, endArmed }, global: { plugins: [pinia, i18n] } });
  const text = (selector: string) => headline.find(selector).text().replace(/\s+/g, ' ');
  return { headline, text, notices: useNoticeStore() };
}

describe('what goes on, in the bar', () => {
  beforeEach(() => void jest.useFakeTimers({ now: NOW }));
  afterEach(() => void jest.useRealTimers());

  it.each([
    [
      'a person with their company, the number below',
      talkingTo({ match: match('known') }),
      '吴海燕 · 云岭市政管网有限公司',
      /^139 1234 5678 · /,
    ],
    [
      'a company where no person is known',
      talkingTo({ match: match('known', { owners: [owner({ contactName: null })] }) }),
      '云岭市政管网有限公司',
      /^139 1234 5678 · /,
    ],
    ['the number of one unknown, and it only once', talkingTo({ match: match('unknown') }), '139 1234 5678', /^(?!139)/],
    ['that the number is withheld', talkingTo({ remoteNumber: null, match: match('withheld') }), '号码未显示', /^(?!号码)/],
  ])('names %s', (_title, view, named, below) => {
    const { text } = show({ call: view });
    expect(text('.l1')).toMatch(new RegExp(`· ${named}$`));
    expect(text('.l2')).toMatch(below);
  });

  it('names who is asked instead of the caller, for as long as they are', () => {
    const { headline, text } = show({ state: 'consulting', call: talkingTo({ consult: CONSULT }) });
    expect([text('[data-test="bar-consulted"]'), headline.find('[data-test="bar-remote"]').exists()]).toEqual(['1002', false]);
  });

  it('says how long a caller has waited before it rang here, while it rings', () => {
    expect(show({ state: 'ringing', call: call() }).text('.l2')).toContain('00:23');
    expect(show({ state: 'in-call', call: call() }).text('.l2')).not.toContain('00:23');
  });

  it('says in the second line what is said in passing, before that F4 has to be pressed again, before the details', async () => {
    const { headline, text, notices } = show({}, true);
    expect(text('.l2')).toBe(i18n.global.t('bar.pressAgain'));
    notices.sayInBar('error', 'call.handoverFailed', { reason: 'timeout' });
    await headline.vm.$nextTick();
    expect(headline.findAll('.l2').map((line) => line.attributes('data-test'))).toEqual(['bar-notice']);
    await headline.find('[data-test="bar-notice"] button').trigger('click');
    expect(text('.l2')).toBe(i18n.global.t('bar.pressAgain'));
  });

  it.each([
    ['up from its beginning', { sinceMs: NOW - 10_000, frozenAtMs: null }, '00:10'],
    ['not at all while it stands', { sinceMs: NOW - 10_000, frozenAtMs: NOW - 4_000 }, '00:06'],
    ['down, a second begun still shown', { sinceMs: NOW - 10_000, frozenAtMs: null, downToMs: NOW + 4_200 }, '00:05'],
    ['down to nothing, never below', { sinceMs: NOW - 10_000, frozenAtMs: null, downToMs: NOW - 5_000 }, '00:00'],
  ])('counts %s', (_title, clock, shown) => {
    expect(show({ timer: { label: 'bar.talk', ...clock } }).text('[data-test="bar-timer"]')).toBe(shown);
  });
});
