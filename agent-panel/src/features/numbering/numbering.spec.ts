import { ApiError } from '../../app/api-client';
import { settle } from '../../test-support/fakes';
import { mountPage } from '../../test-support/mount-page';
import NumberingView from './NumberingView.vue';

const RULES = {
  default: { countryCode: 'CN', areaCode: '20', outsidePrefix: null, internalPattern: '[18]\\d{3}', serviceNumbers: [] },
  exceptions: [],
  version: 3,
  saved: true,
  changedAt: '2025-11-21T14:00:00.000Z',
  changedBy: '系统管理员',
};
const IDLE = { state: 'idle', stage: null, done: 0, total: 0, changed: 0, startedAt: null, finishedAt: null };
const TRIED = {
  match: {
    kind: 'unknown',
    raw: '62345678',
    key: '+861062345678',
    display: '010-6234 5678',
    numberClass: 'fixed',
    reason: 'fixed.line_area',
    steps: ['area_added'],
    extension: null,
    alternatives: [],
    place: { country: 'CN', province: '北京', city: '北京', carrier: null },
    privacy: false,
    switchboard: false,
    mark: null,
    decisions: [],
    owners: [],
  },
  used: { ...RULES.default, areaCode: '10', areaCodeFrom: 'default', exception: null },
};

const show = () =>
  mountPage(NumberingView, {
    user: { permissions: ['numbering.manage'] },
    address: '/admin/numbering',
    answer: ({ method, path }) =>
      path === '/numbering/rekeying' ? IDLE : path === '/numbering/try' ? TRIED : method === 'PUT' ? { ...RULES, version: 4 } : RULES,
  });

describe('the page of number rules', () => {
  it('tries a number with rules that are not saved, and shows each step', async () => {
    const { api, clock, at, page } = await show();
    await at('rule-areaCode').setValue('10');
    await at('try-number').setValue('62345678');
    await clock.advance(300);
    const asked = api.requests.find(({ path }) => path === '/numbering/try');
    expect(asked?.body).toMatchObject({ callerId: '62345678', rules: { default: { areaCode: '10' } } });
    expect(at('try-result').attributes('data-kind')).toBe('unknown');
    expect(page.findAll('[data-test="try-step"]').map((step) => step.text())).toEqual(
      expect.arrayContaining([expect.stringContaining('补上区号'), expect.stringContaining('北京')]),
    );
    expect(api.requests.some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('saves with the version that was read, and follows the reading again', async () => {
    const { api, at } = await show();
    expect(at('numbering-save').attributes('disabled')).toBeDefined();
    await at('rule-areaCode').setValue('10');
    await at('numbering-save').trigger('click');
    await settle();
    expect(api.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({ version: 3, default: { areaCode: '10' } });
    expect(at('rekeying').attributes('data-state')).toBe('idle');
  });

  it('puts what is refused beside its field', async () => {
    const { api, at, page } = await show();
    const before = api.answer;
    api.answer = (method, path, body) => {
      if (method !== 'PUT') return before(method, path, body);
      throw new ApiError('validation_failed', 422, [{ path: 'default.areaCode', code: 'invalid_format', message: '' }]);
    };
    await at('rule-areaCode').setValue('020x');
    await at('numbering-save').trigger('click');
    await settle();
    expect(at('rule-areaCode').attributes('aria-invalid')).toBe('true');
    expect(page.text()).toContain('写区号，不带 0');
  });
});
