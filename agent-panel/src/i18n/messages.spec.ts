import fs from 'node:fs';
import path from 'node:path';
import {
  CallExit,
  CallLogParking,
  CallLogQueueVisit,
  CallLogTransfer,
  CallOutcome,
  CallTrailStepName,
  EndedBy,
  ErrorCode as ApiErrorCode,
  FieldCode,
  LegResult,
  MissedDoneBy,
  MissedReason,
  NoPopReason,
  TransferResult,
} from '../../../crm-core/contract';
import { DialEndReason, ErrorCode } from '../../../cti-gateway/protocol';
import { en } from './en';
import { zhCN } from './zh-cn';

function flatten(tree: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + name, value);
    else for (const [key, text] of flatten(value as object, `${prefix}${name}.`)) found.set(key, text);
  }
  return found;
}

/** Read as text: the panel does not depend on the library whose codes it translates. */
function reasonCodes(): string[] {
  const text = fs.readFileSync(path.join(__dirname, '../../../crm-core/caller-id/reason-codes.ts'), 'utf8');
  return [...text.matchAll(/^\s+'([a-z_]+\.[a-z_]+)':/gm)].map((match) => match[1] ?? '');
}

/** Codes of one field of a refused request, from the table of crm-core's own words for them. */
function fieldCodes(): string[] {
  const text = fs.readFileSync(path.join(__dirname, '../../../crm-core/src/http/field-messages.ts'), 'utf8');
  return [...text.matchAll(/^ {2}([a-z_]+): words\(/gm)].map((match) => match[1] ?? '');
}

const chinese = flatten(zhCN);
const english = flatten(en);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

function sources(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.spec.ts') ? [fs.readFileSync(file, 'utf8')] : [];
  });
}

describe('the words of the panel', () => {
  it('have the same keys in every language', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('have the same blanks to fill in every language', () => {
    const different = [...chinese].filter(
      ([key, text]) => JSON.stringify(placeholders(text)) !== JSON.stringify(placeholders(english.get(key) ?? '')),
    );
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it.each(['代理', '扩展名'])('never call an agent or an extension %s', (wrong) => {
    expect([...chinese.values()].filter((text) => text.includes(wrong))).toEqual([]);
  });

  it('exist for every key that a source file names', () => {
    const named = sources(path.join(__dirname, '..')).flatMap((text) =>
      [...text.matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect([...new Set(named)].filter((key) => !chinese.has(key))).toEqual([]);
  });

  it('are all used: by their key, or by the beginning of it where the rest is a code', () => {
    const texts = sources(path.join(__dirname, '..')).filter((text) => !text.includes('type Messages') && !text.includes('typeof callerZhCN'));
    const whole = new Set(texts.flatMap((text) => [...text.matchAll(/['"`]([\w-]+(?:\.[\w-]+)+)['"`]/g)].map((match) => match[1] ?? '')));
    const heads = texts.flatMap((text) => [
      ...[...text.matchAll(/(?<!useFormDraft\()`([\w-]+(?:\.[\w-]+)*[._])\$\{/g)].map((match) => match[1] ?? ''),
      ...[...text.matchAll(/\bcode\(\s*'([\w.]+)'/g)].map((match) => `${match[1]}.`),
    ]);
    const unused = [...chinese.keys()].filter((key) => !whole.has(key) && !heads.some((head) => key.startsWith(head)));
    expect(unused).toEqual([]);
  });

  it('exist for every code of the contracts', () => {
    const wanted = [
      ...ErrorCode.options.map((code) => `error.${code}`),
      ...ApiErrorCode.options.map((code) => `apiError.${code}`),
      ...DialEndReason.options.map((code) => `dialEnd.${code}`),
      ...CallTrailStepName.options.map((code) => `trail.name.${code}`),
      ...NoPopReason.options.map((code) => `trail.reason.${code}`),
      ...[...CallOutcome.options, ...LegResult.options].map((code) => `outcome.${code}`),
      ...EndedBy.options.map((code) => `endedBy.${code}`),
      ...CallExit.options.map((code) => `callExit.${code}`),
      ...CallLogTransfer.shape.kind.options.map((code) => `callTransfer.${code}`),
      ...TransferResult.options.map((code) => `transferResult.${code}`),
      ...CallLogParking.shape.result.options.map((code) => `parkingResult.${code}`),
      ...CallLogQueueVisit.shape.result.options.map((code) => `queueResult.${code}`),
      ...MissedReason.options.map((code) => `missedReason.${code}`),
      ...MissedDoneBy.options.map((code) => `inbox.by_${code}`),
      ...reasonCodes().map((code) => `reason.${code}`),
      ...fieldCodes().map((code) => `fieldError.${code}`),
    ];
    expect(fieldCodes()).toContain('last_administrator');
    expect(wanted.filter((key) => !chinese.has(key))).toEqual([]);
  });

  it('has words for what can be wrong with a field, and for nothing else', () => {
    expect(Object.keys(zhCN.fieldError).toSorted()).toEqual([...FieldCode.options, 'other'].toSorted());
  });

  it('fit the slots of the call bar: three characters in Chinese, seven letters in English', () => {
    const slots = [
      'answer',
      'decline',
      'cancel',
      'hangup',
      'signIn',
      'goReady',
      'finish',
      'bringHere',
      'retry',
      'connect',
      'reload',
      'mute',
      'holdIt',
      'resume',
      'keypad',
    ];
    expect(slots.filter((slot) => (chinese.get(`bar.${slot}`) ?? '').length > 3 || (english.get(`bar.${slot}`) ?? '').length > 7)).toEqual(
      [],
    );
  });
});
