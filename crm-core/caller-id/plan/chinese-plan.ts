import { AREA_CODES } from './area-codes';
import { isListedChinese } from './world-plan';

/** What the digits are, once every prefix but a trunk 0 and an area code is gone. */
export type PlanMatch =
  | { kind: 'mobile'; nationalDigits: string; form: 'plain' | 'machine' | 'new_prefix'; trunkZero: boolean }
  | { kind: 'fixed'; nationalDigits: string; form: 'plain' | 'missing_zero' | 'local'; listed: boolean }
  | { kind: 'service'; digits: string; form: 'plain' | 'configured' | 'area_stripped' | 'trunk_zero' };

export interface PlanContext {
  areaCode: string | null;
  serviceNumbers: readonly string[];
  /** A country code stood before the digits: the area code is then certain, and a number without one is none. */
  afterCountryCode: boolean;
}

/** Allotted mobile prefixes, among them 149 and 174 (and 1749), which the library refuses. */
const MOBILE = /^1(?:[38]\d|4[579]|5[0-35-9]|6[25-7]|7[0-8]|9[0-35-9])\d{8}$/;
const MOBILE_SHAPE = /^1[3-9]\d{9}$/;
/** Data cards: 13 digits. */
const MACHINE = /^(?:14[01468]\d{10}|1064\d{9})$/;
const SERVICE = /^(?:95\d{3,7}|96\d{3,6}|1\d{2,4}|[48]00\d{7})$/;
/** Without a written 0 the area code before a service is taken only where the service has its usual length. */
const USUAL_SERVICE = /^(?:95\d{3}|96\d{3,4}|1\d{2,4}|[48]00\d{7})$/;
/** Services of six digits that the general rule does not cover. */
const LONG_SERVICES = new Set(['116114', '118114', '118100']);
const LOCAL = /^[2-8]\d{6,7}$/;
/** Not 95 and 96: those are services, whatever stands before them. */
const AREA_LOCAL = /^(?:[2-8]\d|9[0-47-9])\d{5,6}$/;

export function isMobile(nationalDigits: string): boolean {
  return MOBILE_SHAPE.test(nationalDigits) || MACHINE.test(nationalDigits);
}

/** All readings of `digits` by the numbering plan, likeliest first. */
export function matchPlan(digits: string, context: PlanContext): PlanMatch[] {
  const trunkZero = digits.startsWith('0');
  const body = trunkZero ? digits.slice(1) : digits;
  if (body === '' || body.startsWith('0')) return [];
  const matches = [
    matchMobile(body, trunkZero),
    trunkZero ? matchServiceWithArea(body, SERVICE) : matchService(body, trunkZero, context),
    trunkZero ? matchService(body, trunkZero, context) : null,
    trunkZero || context.afterCountryCode ? matchFixed(body, trunkZero ? 'plain' : 'missing_zero') : matchFixedWithoutZero(body),
    trunkZero ? null : matchLocal(body, context),
    trunkZero || isUnplacedLocal(body, context) ? null : matchServiceWithArea(body, context.afterCountryCode ? SERVICE : USUAL_SERVICE),
  ].filter((match) => match !== null);
  return preferListed(matches);
}

/** A local number no exchange has (7 digits in a city of 8) gives way to any other reading. */
function preferListed(matches: PlanMatch[]): PlanMatch[] {
  const listed = (match: PlanMatch): boolean => match.kind !== 'fixed' || match.listed;
  return [...matches.filter(listed), ...matches.filter((match) => !listed(match))];
}

function matchMobile(body: string, trunkZero: boolean): PlanMatch | null {
  if (MOBILE.test(body)) return { kind: 'mobile', nationalDigits: body, form: 'plain', trunkZero };
  if (MACHINE.test(body)) return { kind: 'mobile', nationalDigits: body, form: 'machine', trunkZero };
  if (MOBILE_SHAPE.test(body)) return { kind: 'mobile', nationalDigits: body, form: 'new_prefix', trunkZero };
  return null;
}

function matchService(body: string, trunkZero: boolean, context: PlanContext): PlanMatch | null {
  if (context.serviceNumbers.includes(body)) return { kind: 'service', digits: body, form: 'configured' };
  if (!SERVICE.test(body) && !LONG_SERVICES.has(body)) return null;
  return { kind: 'service', digits: body, form: trunkZero ? 'trunk_zero' : 'plain' };
}

function matchServiceWithArea(body: string, services: RegExp): PlanMatch | null {
  for (const length of [2, 3]) {
    const rest = body.slice(length);
    if (AREA_CODES.has(body.slice(0, length)) && services.test(rest)) return { kind: 'service', digits: rest, form: 'area_stripped' };
  }
  return null;
}

/** After a written 0 or a country code any area code is believed, also one that is merged or new. */
function matchFixed(body: string, form: 'plain' | 'missing_zero'): PlanMatch | null {
  const area = splitArea(body) ?? (/^[3-9]/.test(body) ? body.slice(0, 3) : null);
  if (area === null || /^[48]00/.test(body) || !AREA_LOCAL.test(body.slice(area.length))) return null;
  return { kind: 'fixed', nationalDigits: body, form, listed: isListedChinese(body) };
}

/** Rule 9. Without the 0 only area codes in use count. */
function matchFixedWithoutZero(body: string): PlanMatch | null {
  const area = splitArea(body);
  if (area === null || /^[48]00/.test(body) || !AREA_LOCAL.test(body.slice(area.length))) return null;
  if (area.length === 2 && body.length !== 10) return null;
  return { kind: 'fixed', nationalDigits: body, form: 'missing_zero', listed: isListedChinese(body) };
}

function matchLocal(body: string, context: PlanContext): PlanMatch | null {
  if (context.afterCountryCode || context.areaCode === null || !LOCAL.test(body)) return null;
  const nationalDigits = context.areaCode + body;
  return { kind: 'fixed', nationalDigits, form: 'local', listed: isListedChinese(nationalDigits) };
}

/** "75512345" on a line without area code is more likely local than area code and service. */
function isUnplacedLocal(body: string, context: PlanContext): boolean {
  return !context.afterCountryCode && context.areaCode === null && LOCAL.test(body);
}

/** Area code at the start of national digits, or null when none in use begins them. */
export function splitArea(nationalDigits: string): string | null {
  for (const length of [2, 3]) {
    const area = nationalDigits.slice(0, length);
    if (AREA_CODES.has(area)) return area;
  }
  return null;
}
