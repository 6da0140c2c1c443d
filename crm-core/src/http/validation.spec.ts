import { z } from 'zod';
import { NewCustomer } from '../../contract/customers';
import { CallLogQuery } from '../../contract/calls';
import { ErrorCode, FieldCode } from '../../contract/common';
import { Permission } from '../../contract/session';
import { AppError } from '../app-error';
import { ERROR_TABLE } from './error-table';
import { FIELD_MESSAGES, fieldMessage } from './field-messages';
import { ROLE_PERMISSIONS } from './permissions';
import { preferredLocale } from './request-state';
import { parseInput } from './validation';

function fieldsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.fields ?? [];
    throw error;
  }
  return [];
}

describe('fields of a refused request', () => {
  it('are named by path, with a code and what its words need', () => {
    const body = { name: '', email: 'x', type: 'y', profile: 'z'.repeat(4001), numbers: 'none', contacts: [{ numbers: [{ raw: 5 }] }] };
    expect(fieldsOf(() => parseInput(NewCustomer, body))).toEqual(
      expect.arrayContaining([
        { path: 'name', code: 'required' },
        { path: 'email', code: 'invalid_email' },
        { path: 'type', code: 'invalid_choice' },
        { path: 'profile', code: 'too_long', params: { max: 4000 } },
        { path: 'numbers', code: 'invalid_type' },
        { path: 'contacts.0.name', code: 'required' },
        { path: 'contacts.0.numbers.0.raw', code: 'invalid_type' },
      ]),
    );
    expect(fieldsOf(() => parseInput(CallLogQuery, { limit: '500', from: 'x' }))).toEqual([
      { path: 'limit', code: 'too_big', params: { max: 200 } },
      { path: 'from', code: 'invalid_time' },
    ]);
    expect(fieldsOf(() => parseInput(NewCustomer, null))).toEqual([{ path: '', code: 'required' }]);
  });

  it('have a code of the closed list, whatever a schema says of itself', () => {
    const strange = z.string().refine(() => false, { error: 'a_code_of_its_own' });
    expect(fieldsOf(() => parseInput(strange, 'x'))).toEqual([{ path: '', code: 'invalid' }]);
    expect(fieldsOf(() => parseInput(NewCustomer, { name: 'a\u0000' }))).toEqual([{ path: 'name', code: 'control_characters' }]);
  });

  it('have words in both languages', () => {
    expect(fieldMessage({ path: 'x', code: 'too_long', params: { max: 60 } }, 'zh-CN')).toBe('最多 60 个字符');
    expect(fieldMessage({ path: 'x', code: 'too_long', params: { max: 60 } }, 'en')).toBe('may have at most 60 characters');
    expect(Object.keys(FIELD_MESSAGES).toSorted()).toEqual([...FieldCode.options].toSorted());
    for (const words of Object.values(FIELD_MESSAGES)) {
      expect(words['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
      expect(words.en).toMatch(/^[a-z]/);
    }
  });
});

describe('tables', () => {
  it('give every error code a status and words', () => {
    expect(Object.keys(ERROR_TABLE).toSorted()).toEqual([...ErrorCode.options].toSorted());
    for (const { status, message } of Object.values(ERROR_TABLE)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(message['zh-CN']).toMatch(/[\u4e00-\u9fff].*。$/);
      expect(message.en).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('give each permission to somebody, more of them the higher the role', () => {
    const { agent, supervisor, administrator } = ROLE_PERMISSIONS;
    expect([...administrator].toSorted()).toEqual([...Permission.options].toSorted());
    expect(supervisor).toEqual(expect.arrayContaining([...agent]));
    expect(agent).not.toContain('call.view_all');
    expect(supervisor).not.toContain('user.manage');
  });
});

describe('the language of an answer', () => {
  it.each([
    [undefined, 'zh-CN'],
    ['', 'zh-CN'],
    ['en', 'en'],
    ['en-US,en;q=0.9,zh;q=0.1', 'en'],
    ['zh-TW,en;q=0.9', 'zh-CN'],
    ['fr, de;q=0.9', 'zh-CN'],
    ['en;q=0, zh;q=0.5', 'zh-CN'],
    ['en;q=x', 'zh-CN'],
    ['entirely', 'zh-CN'],
  ])('for %s is %s', (header, locale) => {
    expect(preferredLocale(header)).toBe(locale);
  });
});
