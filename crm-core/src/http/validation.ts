import type { z } from 'zod';
import { FieldCode } from '../../contract/common';
import { AppError, type FieldError } from '../app-error';

type Issue = z.core.$ZodIssue;

/** Parses a part of a request. @throws AppError `validation_failed` that names every offending field. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('validation_failed', { fields: result.error.issues.map((issue) => toFieldError(issue, value)) });
}

function toFieldError(issue: Issue, input: unknown): FieldError {
  const path = issue.path.map(String).join('.');
  return { path, ...describe(issue, valueAt(input, issue.path)) };
}

function describe(issue: Issue, value: unknown): Omit<FieldError, 'path'> {
  switch (issue.code) {
    case 'invalid_type':
      return { code: value === undefined || value === null ? 'required' : 'invalid_type' };
    case 'too_big':
      return {
        code: sized(issue.origin, { text: 'too_long', list: 'too_many', number: 'too_big' }),
        params: { max: Number(issue.maximum) },
      };
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return { code: 'required' };
      return {
        code: sized(issue.origin, { text: 'too_short', list: 'too_few', number: 'too_small' }),
        params: { min: Number(issue.minimum) },
      };
    case 'invalid_format':
      return { code: formatCode(issue.format) };
    case 'invalid_value':
      return { code: value === undefined ? 'required' : 'invalid_choice' };
    case 'custom':
      return { code: FieldCode.safeParse(issue.message).data ?? 'invalid' };
    default:
      return { code: 'invalid' };
  }
}

function sized(origin: string, codes: { text: FieldCode; list: FieldCode; number: FieldCode }): FieldCode {
  if (origin === 'string') return codes.text;
  return origin === 'array' ? codes.list : codes.number;
}

function formatCode(format: string): FieldCode {
  const codes: Readonly<Record<string, FieldCode>> = { email: 'invalid_email', date: 'invalid_date', datetime: 'invalid_time' };
  return codes[format] ?? 'invalid_format';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input);
}
