import { ApiError } from '../../app/api-client';
import { settle } from '../../test-support/fakes';
import { mountPage } from '../../test-support/mount-page';
import { useDispositionsStore } from '../record/dispositions.store';
import DispositionsView from './DispositionsView.vue';
import { codeFor, errorsOf, moved } from './dispositions-form';

const LIST = {
  required: true,
  version: 'v1',
  items: [
    { code: 'enquiry', zh: '咨询', en: 'Enquiry', active: true },
    { code: 'complaint', zh: '投诉', en: 'Complaint', active: true },
  ],
};

async function show(answer: (body: unknown) => unknown = (body) => ({ ...LIST, ...(body as object), version: 'v2' }), list = LIST) {
  const { api, page } = await mountPage(DispositionsView, {
    user: { permissions: ['disposition.manage'] },
    address: '/admin/dispositions',
    answer: ({ method, body }) => (method === 'PUT' ? answer(body) : list),
  });
  const at = (test: string, row = 0) => page.findAll(`[data-test="${test}"]`)[row];
  const codes = () => page.findAll('[data-test="disposition-row"]').map((row) => row.attributes('data-code'));
  const save = async () => {
    await at('dispositions-save')?.trigger('click');
    await settle();
  };
  const sent = () => api.requests.find(({ method }) => method === 'PUT')?.body;
  return { page, at, codes, save, sent };
}

beforeEach(() => sessionStorage.clear());

describe('the page of dispositions', () => {
  it('changes words, order and what is offered, adds and removes, and saves it as one list', async () => {
    const { at, codes, save, sent } = await show();
    expect(at('dispositions-save')?.attributes('disabled')).toBeDefined();
    await at('disposition-zh')?.setValue('一般咨询');
    await at('disposition-down')?.trigger('click');
    expect(codes()).toEqual(['complaint', 'enquiry']);
    await at('disposition-active')?.setValue(false);
    await at('disposition-add')?.trigger('click');
    await at('disposition-zh', 2)?.setValue('保修');
    await at('disposition-en', 2)?.setValue('Warranty & repair');
    await save();
    expect(sent()).toEqual({
      version: 'v1',
      items: [
        { code: 'complaint', zh: '投诉', en: 'Complaint', active: false },
        { code: 'enquiry', zh: '一般咨询', en: 'Enquiry', active: true },
        { code: 'warranty_repair', zh: '保修', en: 'Warranty & repair', active: true },
      ],
    });
    expect(useDispositionsStore().offered.map(({ code }) => code)).toEqual(['enquiry', 'warranty_repair']);
    expect(at('dispositions-save')?.attributes('disabled')).toBeDefined();
  });

  it('lets a code be typed while the entry is new, and keeps it from then on', async () => {
    const { at } = await show();
    expect(at('disposition-code')).toBeUndefined();
    await at('disposition-add')?.trigger('click');
    await at('disposition-code')?.setValue('own_code');
    await at('disposition-en', 2)?.setValue('Something else');
    expect((at('disposition-code')?.element as HTMLInputElement).value).toBe('own_code');
  });

  it('says at which entry what is wrong, and keeps what was typed', async () => {
    const { at, save, page } = await show(() => {
      throw new ApiError('validation_failed', 422, [
        { path: 'items.1.zh', code: 'already_exists', message: '' },
        { path: 'items.0.en', code: 'too_small', message: '' },
      ]);
    });
    await at('disposition-zh', 1)?.setValue('咨询');
    await at('disposition-en')?.setValue('');
    await save();
    expect(page.findAll('.field-error').map((error) => error.text())).toEqual(['请填写', '与另一项重复']);
    expect((at('disposition-zh', 1)?.element as HTMLInputElement).value).toBe('咨询');
  });

  it.each([
    [new ApiError('in_use', 409), '请保留它并停用'],
    [new ApiError('validation_failed', 422, [{ path: 'items', code: 'required', message: '' }]), '至少要有一项可选'],
    [new ApiError('network', 0), '连不上'],
  ])('says why it was not saved: %s', async (error, words) => {
    const { at, save } = await show(() => {
      throw error;
    });
    await at('disposition-remove')?.trigger('click');
    await save();
    expect(at('dispositions-problem')?.text()).toContain(words);
    expect(at('dispositions-save')?.attributes('disabled')).toBeUndefined();
  });

  it('keeps what was typed when somebody else was faster, and puts it in place when asked again', async () => {
    const theirs = { ...LIST, version: 'v9', items: [...LIST.items].reverse() };
    let asked = 0;
    const { at, save, page } = await show((body) => {
      asked += 1;
      if (asked === 1) throw new ApiError('version_conflict', 409, [], null, '', theirs);
      return { ...LIST, ...(body as object), version: 'v10' };
    });
    await at('disposition-zh')?.setValue('一般咨询');
    await save();
    expect(at('dispositions-problem')?.text()).toContain('刚被他人修改');
    expect((at('disposition-zh')?.element as HTMLInputElement).value).toBe('一般咨询');
    await save();
    expect(page.find('[data-test="dispositions-problem"]').exists()).toBe(false);
  });

  it('finds a draft again after a call has led elsewhere, and no stale copy where nothing was typed', async () => {
    const first = await show();
    await first.at('disposition-zh')?.setValue('一般咨询');
    first.page.unmount();
    const again = await show();
    expect((again.at('disposition-zh')?.element as HTMLInputElement).value).toBe('一般咨询');
    await again.at('dispositions-discard')?.trigger('click');
    again.page.unmount();
    const changed = await show(undefined, { ...LIST, version: 'v3', items: LIST.items.slice(1) });
    expect([changed.codes(), changed.at('dispositions-unsaved')]).toEqual([['complaint'], undefined]);
  });
});

describe('a list of dispositions as it is typed', () => {
  it.each([
    ['Warranty', 'warranty'],
    ['Warranty & repair', 'warranty_repair'],
    ['2nd call', 'nd_call'],
    ['保修', ''],
  ])('has a code for %s', (word, code) => expect(codeFor(word)).toBe(code));

  it('moves an entry, and not out of the list', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });

  it('finds the place of every problem', () => {
    const at = (path: string, code = 'invalid_format') => ({ path, code, message: '' });
    expect(errorsOf([at('items.0.code'), at('items.3.en', 'too_small'), at('items.3.code', 'already_exists'), at('items')])).toEqual({
      '0.code': 'code',
      '3.en': 'name',
      '3.code': 'twice',
    });
  });
});
