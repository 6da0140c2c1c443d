import { matchPlan, type PlanMatch } from '../plan/chinese-plan';
import type { ReasonCode } from '../reason-codes';
import type { Candidate, ReadingStep } from '../types';

/** One way to read the digits. `firm`: the plan has such numbers; else only their shape fits. */
export interface Reading extends Candidate {
  steps: readonly ReadingStep[];
  firm: boolean;
}

export interface ReadingContext {
  areaCode: string | null;
  outsidePrefix: string | null;
  serviceNumbers: readonly string[];
}

/** `+86`, `0086`, `086`, `86`, `00086`, and the exit codes of other countries (`00186`, `01186`) that some carriers leave in front. */
const COUNTRY_CODE = /^(?:0{0,3}|001|011)86(\d+)$/;
const CARRIER_CODE = /^0?(?:179|125)\d\d(\d+)$/;
const MAX_STRIPS = 3;

/** All Chinese readings of digits written without +, likeliest first, each key once. */
export function readChinese(digits: string, context: ReadingContext): Reading[] {
  return uniqueByKey(firmFirst(collect(digits, context, [])));
}

/** Chinese readings of what follows the country code. */
export function readAfterCountryCode(rest: string, context: ReadingContext): Reading[] {
  return uniqueByKey(firmFirst(collect(rest.replace(/^0+/, ''), context, ['country_code'])));
}

function collect(digits: string, context: ReadingContext, steps: readonly ReadingStep[]): Reading[] {
  const afterCountryCode = steps.includes('country_code');
  const planContext = { ...context, afterCountryCode };
  const found = matchPlan(digits, planContext).map((match) => toReading(match, steps));
  if (steps.length >= MAX_STRIPS) return found;
  const country = COUNTRY_CODE.exec(digits)?.[1];
  if (country !== undefined) {
    found.push(...collect(country.replace(/^0+/, ''), context, [...steps, 'country_code']));
  }
  const carrier = CARRIER_CODE.exec(digits)?.[1];
  if (carrier !== undefined && !steps.includes('carrier_code')) {
    found.push(...collect(carrier, context, [...steps, 'carrier_code']));
  }
  const { outsidePrefix } = context;
  if (outsidePrefix !== null && steps.length === 0 && digits.startsWith(outsidePrefix)) {
    found.push(...collect(digits.slice(outsidePrefix.length), context, ['outside_prefix']));
  }
  return found;
}

function toReading(match: PlanMatch, steps: readonly ReadingStep[]): Reading {
  switch (match.kind) {
    case 'mobile': {
      const all: ReadingStep[] = match.trunkZero ? [...steps, 'trunk_zero'] : [...steps];
      const own = match.form === 'plain' ? (match.trunkZero ? 'trunk_zero' : 'plain') : match.form;
      const reason = match.form === 'plain' ? reasonOf('mobile', steps, own) : (`mobile.${own}` as ReasonCode);
      return { key: `+86${match.nationalDigits}`, numberClass: 'mobile', reason, steps: all, firm: match.form !== 'new_prefix' };
    }
    case 'fixed': {
      const own = match.form === 'local' ? 'line_area' : match.form;
      const reason = reasonOf('fixed', steps, own);
      const all: ReadingStep[] = match.form === 'local' ? [...steps, 'area_added'] : [...steps];
      return { key: `+86${match.nationalDigits}`, numberClass: 'fixed', reason, steps: all, firm: match.listed };
    }
    case 'service': {
      const all: ReadingStep[] = [...steps];
      if (match.form === 'area_stripped' || match.form === 'trunk_zero') all.push(match.form);
      return { key: `svc:${match.digits}`, numberClass: 'service', reason: reasonOf('service', steps, match.form), steps: all, firm: true };
    }
  }
}

/** The prefix that was hardest to see through names the rule. */
function reasonOf(numberClass: 'mobile' | 'fixed' | 'service', steps: readonly ReadingStep[], own: string): ReasonCode {
  const step = (['carrier_code', 'outside_prefix', 'country_code'] as const).find((name) => steps.includes(name));
  if (numberClass !== 'mobile' && (own === 'area_stripped' || own === 'line_area')) return `${numberClass}.${own}` as ReasonCode;
  return `${numberClass}.${step ?? own}` as ReasonCode;
}

export function firmFirst(readings: Reading[]): Reading[] {
  return [...readings.filter((reading) => reading.firm), ...readings.filter((reading) => !reading.firm)];
}

export function uniqueByKey<T extends Candidate>(candidates: readonly T[]): T[] {
  const seen = new Set<string>();
  return candidates.filter(({ key }) => !seen.has(key) && seen.add(key));
}
