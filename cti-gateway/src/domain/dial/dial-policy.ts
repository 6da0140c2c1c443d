import { digitsToDial } from './dial-digits';
import type { DialClass, ParsedNumber } from './parsed-number';

/** Whether an agent may dial a number now. Everything that decides it stands here; more rules come here and nowhere else. */
export type DialRefusal =
  | 'dial.empty'
  | 'dial.control_character'
  | 'dial.invalid_number'
  | 'dial.class_not_allowed'
  | 'dial.not_permitted'
  | 'dial.international_not_permitted'
  | 'dial.rate_limited'
  | 'dial.already_in_call'
  | 'dial.own_extension';

export interface DialingAgent {
  readonly extension: string;
  readonly mayDial: boolean;
  readonly mayDialInternational: boolean;
  /** A call of this agent is up, ringing or being placed. */
  readonly inCall: boolean;
}

export interface DialLimits {
  readonly perMinute: number;
  readonly classes: ReadonlySet<DialClass>;
}

export interface DialRequest {
  /** As it stands on the page or was typed. */
  readonly number: string;
  readonly parse: (raw: string) => ParsedNumber;
  readonly nowMs: number;
}

export type DialDecision =
  | { readonly allowed: true; readonly digits: string; readonly numberClass: DialClass }
  | { readonly allowed: false; readonly code: DialRefusal; readonly retryAfterMs?: number };

/** Line breaks and the like: harmless in a page, a second header in a line-based protocol. Also bidirectional marks. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const MINUTE_MS = 60_000;

/** @param history times (ms) of this agent's dials, any order; those older than a minute do not count. */
export function decideDial(request: DialRequest, agent: DialingAgent, limits: DialLimits, history: readonly number[]): DialDecision {
  const number = request.number.trim();
  if (!agent.mayDial) return refuse('dial.not_permitted');
  if (CONTROL.test(request.number.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))) return refuse('dial.control_character');
  if (number === '') return refuse('dial.empty');
  if (digitsOf(number) === agent.extension) return refuse('dial.own_extension');
  const parsed = request.parse(number);
  const digits = digitsToDial(number, parsed);
  if (digits === null) return refuse('dial.invalid_number');
  if (digits === agent.extension) return refuse('dial.own_extension');
  if (!limits.classes.has(parsed.numberClass)) return refuse('dial.class_not_allowed');
  if (digits.startsWith('00') && !agent.mayDialInternational) return refuse('dial.international_not_permitted');
  if (agent.inCall) return refuse('dial.already_in_call');
  const recent = history.filter((atMs) => request.nowMs - atMs < MINUTE_MS);
  if (recent.length >= limits.perMinute) {
    return { allowed: false, code: 'dial.rate_limited', retryAfterMs: Math.max(0, Math.min(...recent) + MINUTE_MS - request.nowMs) };
  }
  return { allowed: true, digits, numberClass: parsed.numberClass };
}

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[\s()-]/g, '');
}

function refuse(code: DialRefusal): DialDecision {
  return { allowed: false, code };
}
