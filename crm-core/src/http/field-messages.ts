import type { FieldCode } from '../../contract/common';
import type { FieldError } from '../app-error';
import type { Locale } from '../../contract/session';

type Words = Readonly<Record<Locale, string>>;
const words = (zh: string, en: string): Words => ({ 'zh-CN': zh, en });

/** What each code of a field means, in words. The panel may have better ones; other clients have these. */
export const FIELD_MESSAGES: Readonly<Record<FieldCode, Words>> = {
  required: words('必填', 'is required'),
  invalid_type: words('类型不正确', 'has the wrong type'),
  too_long: words('最多 {max} 个字符', 'may have at most {max} characters'),
  too_short: words('至少 {min} 个字符', 'must have at least {min} characters'),
  too_many: words('最多 {max} 项', 'may have at most {max} entries'),
  too_few: words('至少 {min} 项', 'must have at least {min} entries'),
  too_big: words('不能大于 {max}', 'must not be more than {max}'),
  too_small: words('不能小于 {min}', 'must not be less than {min}'),
  invalid_email: words('不是有效的电子邮箱', 'is not an e-mail address'),
  invalid_date: words('日期格式应为 YYYY-MM-DD', 'must be a date, YYYY-MM-DD'),
  invalid_time: words('时间格式不正确', 'must be a time in UTC, ISO 8601'),
  invalid_format: words('格式不正确', 'has the wrong form'),
  invalid_choice: words('不是可选的值', 'is none of the choices'),
  invalid_pattern: words(
    '只能由数字、\\d、字符组和次数组成，多种写法以 | 分隔',
    'must be digits, \\d, classes and counts, with | between alternatives',
  ),
  in_past: words('时间已过', 'is in the past'),
  control_characters: words('含有不允许的控制字符', 'contains control characters'),
  not_found: words('所指的记录不存在', 'names a record that does not exist'),
  same_customer: words('就是该客户自己', 'is this customer itself'),
  not_of_customer: words('不属于该客户', 'does not belong to this customer'),
  not_a_number: words('不是电话号码', 'is not a phone number'),
  privacy_number: words('平台隐私号码不能保存为客户号码', 'is a privacy number of a platform and cannot be kept'),
  already_exists: words('有重复', 'is there already'),
  already_taken: words('已被使用', 'is taken already'),
  wrong_password: words('当前密码不正确', 'is not the current password'),
  same_password: words('新密码不能与当前密码相同', 'must differ from the current password'),
  contains_username: words('密码不能包含用户名', 'must not contain the user name'),
  last_administrator: words('必须至少保留一名启用的系统管理员', 'at least one enabled administrator must remain'),
  invalid: words('不正确', 'is not valid'),
};

export function fieldMessage({ code, params = {} }: FieldError, locale: Locale): string {
  return FIELD_MESSAGES[code][locale].replace(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? ''));
}
