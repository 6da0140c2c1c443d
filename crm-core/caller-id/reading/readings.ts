import type { ReasonCode } from '../reason-codes';
import type { ReadingStep } from '../types';
import { readWorldNumber } from '../plan/world-plan';
import { firmFirst, readAfterCountryCode, readChinese, uniqueByKey, type Reading, type ReadingContext } from './chinese-readings';
import type { NumberText } from './extension';

type ForeignReason = 'international.plus' | 'international.double_zero' | 'international.missing_plus';

/** Exit code 00, a carrier code or the outside prefix before it seen through. */
const EXIT_CODE = /^(?:179\d\d|125\d\d)?00+([1-9]\d+)$/;

/** Readings good enough to be the key, likeliest first. */
export function readDigits({ plus, digits }: NumberText, context: ReadingContext): Reading[] {
  if (plus) return readAfterPlus(digits, context);
  const foreign = readAfterExitCode(digits, context);
  const chinese = readChinese(digits, context);
  // 00 is the exit code: without China's code or an outside prefix behind it, nothing Chinese can follow.
  const possible = digits.startsWith('00') ? chinese.filter(isBehindPrefix) : chinese;
  return uniqueByKey(firmFirst([...possible, ...foreign]));
}

function isBehindPrefix({ steps }: Reading): boolean {
  return steps.includes('country_code') || steps.includes('outside_prefix');
}

function readAfterExitCode(digits: string, context: ReadingContext): Reading[] {
  const direct = EXIT_CODE.exec(digits)?.[1];
  const inside = EXIT_CODE.exec(withoutOutsidePrefix(digits, context) ?? '')?.[1];
  return [
    ...(direct === undefined ? [] : readForeign(direct, 'international.double_zero', [])),
    ...(inside === undefined ? [] : readForeign(inside, 'international.double_zero', ['outside_prefix'])),
  ];
}

function withoutOutsidePrefix(digits: string, { outsidePrefix }: ReadingContext): string | null {
  return outsidePrefix !== null && digits.startsWith(outsidePrefix) ? digits.slice(outsidePrefix.length) : null;
}

/** Rule 5: a + before 0, 400, 800 or 95 is a mistake, unless some country has that very number. */
function readAfterPlus(digits: string, context: ReadingContext): Reading[] {
  if (digits.startsWith('86')) return readAfterCountryCode(digits.slice(2), context);
  const foreign = readForeign(digits, 'international.plus', []);
  if (!/^(?:0|400|800|95)/.test(digits)) return foreign;
  const chinese = readDigits({ plus: false, digits, extension: null, other: null }, context);
  const meant = digits.startsWith('0') ? chinese : chinese.filter(({ numberClass }) => numberClass === 'service');
  return uniqueByKey([...foreign, ...meant.map(withStrayPlus)]);
}

/** Digits of a number of another country, without + or 00. */
function readForeign(digits: string, reason: ForeignReason, steps: readonly ReadingStep[]): Reading[] {
  const world = readWorldNumber(digits);
  if (!world?.valid || world.callingCode === '86') return [];
  return [{ key: world.e164, numberClass: 'international', reason, steps, firm: true }];
}

/** Readings that suppose a mistake: offered as "maybe", never taken. */
export function guessReadings({ plus, digits }: NumberText, context: ReadingContext): Reading[] {
  if (plus) return readChinese(digits.startsWith('86') ? digits.slice(2) : digits, context).map(withStrayPlus);
  const rest = digits.replace(/^0+/, '');
  if (digits.startsWith('00')) return [...readChinese(rest, context), ...readChinese(`0${rest}`, context)].map(withDoubleZero);
  const foreign = guessForeign(rest, context);
  if (!digits.startsWith('0')) return foreign;
  const local = readChinese(rest, context).filter(({ reason }) => reason === 'fixed.line_area');
  return [...local.map((reading) => ({ ...reading, reason: 'fixed.stray_zero' as const })), ...foreign];
}

/** Eight digits or fewer are far more often local than abroad. */
function guessForeign(digits: string, context: ReadingContext): Reading[] {
  if (digits.length < 9) return [];
  const inside = withoutOutsidePrefix(digits, context);
  return [
    ...readForeign(digits, 'international.missing_plus', []),
    ...(inside === null || inside.length < 9 ? [] : readForeign(inside, 'international.missing_plus', ['outside_prefix'])),
  ];
}

/** Kept under its own key although no country has it: the same impossible number may call again. */
export function readUnconfirmed({ plus, digits }: NumberText, context: ReadingContext): Reading | null {
  const abroad = plus ? digits : (EXIT_CODE.exec(digits) ?? EXIT_CODE.exec(withoutOutsidePrefix(digits, context) ?? ''))?.[1];
  if (abroad === undefined) return null;
  const world = readWorldNumber(abroad);
  if (world === null || !world.possible || world.callingCode === '86') return null;
  // What the + would be taken from again is no key.
  if (!plus && readAfterPlus(abroad, context).length > 0) return null;
  return { key: `+${abroad}`, numberClass: 'international', reason: 'international.unconfirmed', steps: [], firm: false };
}

function withStrayPlus(reading: Reading): Reading {
  if (reading.numberClass === 'international') return reading;
  return { ...reading, reason: `${reading.numberClass}.stray_plus` as ReasonCode, steps: ['stray_plus', ...reading.steps] };
}

function withDoubleZero(reading: Reading): Reading {
  return { ...reading, reason: `${reading.numberClass}.double_zero` as ReasonCode };
}
