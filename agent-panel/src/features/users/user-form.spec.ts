import type { User } from '../../../../crm-core/contract';
import { goodPassword } from './good-password';
import { changedFields, draftOf, missingFields, newUserOf, patchOf, rebased } from './user-form';

const USER: User = {
  userId: 'u2',
  username: '1002',
  displayName: '何静',
  role: 'agent',
  extension: '1002',
  enabled: true,
  createdAt: '2025-11-21T14:00:00.000Z',
  version: 3,
};

describe('an account as it is typed', () => {
  it('is sent whole where it is new, without spaces around', () => {
    const draft = draftOf(null);
    draft.form = { username: ' wang.fang ', displayName: ' 王芳 ', role: 'supervisor', extension: ' ', enabled: true };
    expect(newUserOf(draft, ' pass word ')).toEqual({
      username: 'wang.fang',
      displayName: '王芳',
      role: 'supervisor',
      extension: null,
      password: ' pass word ',
    });
  });

  it.each([
    [{ displayName: '何静静' }, { displayName: '何静静' }],
    [{ extension: '' }, { extension: null }],
    [{ extension: ' 1002 ' }, {}],
    [
      { role: 'administrator' as const, enabled: false },
      { role: 'administrator', enabled: false },
    ],
  ])('sends only what was changed: %j', (typed, patch) => {
    const draft = draftOf(USER);
    Object.assign(draft.form, typed);
    expect(patchOf(draft, 'not this')).toEqual({ version: 3, ...patch });
  });

  it('sends a new password only where one is being set', () => {
    const draft = draftOf(USER);
    draft.resetting = true;
    expect(patchOf(draft, 'correct horse')).toEqual({ version: 3, password: 'correct horse' });
    expect(missingFields(draft, '')).toEqual({ password: 'required' });
    expect(missingFields(draftOf(null), '')).toEqual({ username: 'required', displayName: 'required', password: 'required' });
  });

  it('keeps what was typed over another state of the account, and follows it in what was not touched', () => {
    const draft = draftOf(USER);
    draft.form.displayName = '何静静';
    const next = rebased(draft, { ...USER, displayName: '何小静', role: 'supervisor', version: 4 });
    expect(next.form).toMatchObject({ displayName: '何静静', role: 'supervisor' });
    expect(changedFields(next)).toEqual(['displayName']);
    expect(patchOf(next, '')).toEqual({ version: 4, displayName: '何静静' });
  });
});

describe('a password that is made', () => {
  it('has four groups of signs that nobody takes for one another, each time others', () => {
    const made = Array.from({ length: 200 }, () => goodPassword('wang.fang'));
    for (const password of made) expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
    expect(new Set(made).size).toBe(made.length);
  });

  it('does not contain the user name, however short, and comes for any name', () => {
    for (let turn = 0; turn < 500; turn += 1) expect(goodPassword(' WF ')).not.toContain('wf');
    for (const name of ['', 'a', '-', '--']) expect(goodPassword(name)).toHaveLength(19);
  });
});
