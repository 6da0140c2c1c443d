import type { Numbering, NumberingException } from '../../../../crm-core/contract';
import type { FieldProblem } from '../../app/api-client';

export const RULE_FIELDS = ['areaCode', 'outsidePrefix', 'internalPattern', 'services'] as const;
export type RuleField = (typeof RULE_FIELDS)[number];

/** One set of rules as it is typed. A field of an exception that is null is as the default says. */
export interface RuleForm {
  scope: 'default' | 'line' | 'trunk';
  name: string;
  label: string;
  areaCode: string | null;
  outsidePrefix: string | null;
  internalPattern: string | null;
  services: string | null;
}

const joined = (numbers: readonly string[] | null): string | null => (numbers === null ? null : numbers.join(', '));
const parted = (text: string): string[] => text.split(/[\s,，、;；]+/).filter((one) => one !== '');

/** The default first, then what is different. */
export function formsOf({ default: rules, exceptions }: Pick<Numbering, 'default' | 'exceptions'>): RuleForm[] {
  return [
    {
      scope: 'default',
      name: '',
      label: '',
      areaCode: rules.areaCode ?? '',
      outsidePrefix: rules.outsidePrefix ?? '',
      internalPattern: rules.internalPattern,
      services: joined(rules.serviceNumbers),
    },
    ...exceptions.map((one) => ({
      scope: one.scope,
      name: one.name,
      label: one.label,
      areaCode: one.areaCode,
      outsidePrefix: one.outsidePrefix,
      internalPattern: one.internalPattern,
      services: joined(one.serviceNumbers),
    })),
  ];
}

export function newException(name = '', label = ''): RuleForm {
  return { scope: 'line', name, label, areaCode: null, outsidePrefix: null, internalPattern: null, services: null };
}

function exceptionOf(form: RuleForm): NumberingException {
  return {
    scope: form.scope === 'trunk' ? 'trunk' : 'line',
    name: form.name.trim(),
    label: form.label.trim(),
    areaCode: form.areaCode?.trim() || null,
    outsidePrefix: form.outsidePrefix === null ? null : form.outsidePrefix.trim(),
    internalPattern: form.internalPattern?.trim() || null,
    serviceNumbers: form.services === null ? null : parted(form.services),
  };
}

/** As `PUT /numbering` takes it, without the version. */
export function rulesOf(forms: readonly RuleForm[]): Pick<Numbering, 'default' | 'exceptions'> {
  const [first, ...others] = forms;
  return {
    default: {
      countryCode: 'CN',
      areaCode: first?.areaCode?.trim() || null,
      outsidePrefix: first?.outsidePrefix?.trim() || null,
      internalPattern: first?.internalPattern?.trim() ?? '',
      serviceNumbers: parted(first?.services ?? ''),
    },
    exceptions: others.map(exceptionOf),
  };
}

/** `0.areaCode` for the default, `2.name` for the second exception; the value is the key of the words. */
export function errorsOf(problems: readonly FieldProblem[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, code } of problems) {
    const plain = path.replace(/^rules\./, '');
    const exception = /^exceptions\.(\d+)\.(\w+)/.exec(plain);
    const row = exception === null ? 0 : Number(exception[1]) + 1;
    const field = exception?.[2] ?? /^default\.(\w+)/.exec(plain)?.[1];
    if (plain === 'exceptions') errors.twice = 'twice';
    else if (field !== undefined) errors[`${row}.${field === 'serviceNumbers' ? 'services' : field}`] = wordsOf(field, code);
  }
  return errors;
}

function wordsOf(field: string, code: string): string {
  if (code === 'already_exists') return 'twice';
  const known: Readonly<Record<string, string>> = {
    areaCode: 'area',
    outsidePrefix: 'prefix',
    internalPattern: 'internal',
    serviceNumbers: 'services',
  };
  return known[field] ?? 'name';
}
