import { PAUSE_REASONS, type PauseReason } from './presence';

/** What an agent wants to be once a call and its wrap-up are over. */
export type NextPresence =
  | { readonly state: 'ready' }
  | { readonly state: 'paused'; readonly reason: PauseReason }
  | { readonly state: 'offline' };

/**
 * One agent around their calls. The queue must not ring them from the first word of a call until their wrap-up (话后处理) is over, so the
 * block stands since the talk, not since its end: between the two a caller could slip in.
 *
 *     free ──talks──▶ talking ──last talk over──▶ wrap_up ──done │ time over │ signed out──▶ free (and `next` happens)
 *                        ▲                           │
 *                        └────────── talks ──────────┘
 */
export type AfterCallState =
  | { readonly phase: 'free' }
  | { readonly phase: 'talking'; readonly callIds: readonly string[]; readonly next: NextPresence | null }
  | WrapUpState;

export interface WrapUpState {
  readonly phase: 'wrap_up';
  /** Null after a restart of the gateway. */
  readonly callId: string | null;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** `untilMs` never passes it, whatever is typed or pressed. */
  readonly limitMs: number;
  /** Until here the countdown stands, because the agent is typing. */
  readonly standsUntilMs: number;
  readonly next: NextPresence | null;
}

export interface AfterCallRules {
  /** 0: there is no wrap-up. */
  readonly wrapUpMs: number;
  /** Longest wrap-up, extensions included. */
  readonly maxMs: number;
}

export type AfterCallEvent =
  | { readonly type: 'talk.began'; readonly callId: string }
  | { readonly type: 'talk.ended'; readonly callId: string; readonly signedIn: boolean }
  | { readonly type: 'done'; readonly callId: string | null }
  | { readonly type: 'key.pressed' }
  | { readonly type: 'typed' }
  | { readonly type: 'time.passed' }
  | { readonly type: 'next.chosen'; readonly next: NextPresence | null }
  | { readonly type: 'signed.out' }
  /** After a start of the gateway: what the queue still has of the time before. */
  | { readonly type: 'mark.found'; readonly mark: AfterCallMark };

export const FREE: AfterCallState = { phase: 'free' };
/** One key pressed makes the countdown stand this long; told about every few seconds while the agent types. */
export const TYPING_STANDS_MS = 6_000;

/** @returns the same object when nothing changed. */
export function afterCall(state: AfterCallState, event: AfterCallEvent, { rules, nowMs }: { rules: AfterCallRules; nowMs: number }): AfterCallState {
  switch (event.type) {
    case 'talk.began':
      return began(state, event.callId);
    case 'talk.ended':
      return ended(state, event, { rules, nowMs });
    case 'next.chosen':
      return state.phase === 'free' ? state : { ...state, next: event.next };
    case 'mark.found':
      return found(state, event.mark, { rules, nowMs });
    default:
      return state.phase === 'wrap_up' ? inWrapUp(state, event, { rules, nowMs }) : state;
  }
}

function began(state: AfterCallState, callId: string): AfterCallState {
  if (state.phase !== 'talking') return { phase: 'talking', callIds: [callId], next: state.phase === 'free' ? null : state.next };
  return state.callIds.includes(callId) ? state : { ...state, callIds: [...state.callIds, callId] };
}

function ended(state: AfterCallState, event: { callId: string; signedIn: boolean }, at: { rules: AfterCallRules; nowMs: number }): AfterCallState {
  if (state.phase !== 'talking' || !state.callIds.includes(event.callId)) return state;
  const callIds = state.callIds.filter((callId) => callId !== event.callId);
  if (callIds.length > 0) return { ...state, callIds };
  if (at.rules.wrapUpMs === 0 || !event.signedIn) return FREE;
  return { ...fresh(at), callId: event.callId, next: state.next };
}

function inWrapUp(state: WrapUpState, event: AfterCallEvent, { rules, nowMs }: { rules: AfterCallRules; nowMs: number }): AfterCallState {
  switch (event.type) {
    case 'done':
      // A click that comes late must not end the wrap-up of the next call.
      return event.callId !== null && state.callId !== null && event.callId !== state.callId ? state : FREE;
    case 'signed.out':
      return FREE;
    case 'time.passed':
      return nowMs >= state.untilMs ? FREE : state;
    case 'key.pressed':
      return longer(state, rules.wrapUpMs);
    case 'typed':
      return standing(state, nowMs);
    default:
      return state;
  }
}

function longer(state: WrapUpState, byMs: number): WrapUpState {
  const untilMs = Math.min(state.limitMs, state.untilMs + byMs);
  return untilMs === state.untilMs ? state : { ...state, untilMs };
}

/** The end moves by exactly as long as the countdown stands, up to the limit; from there it runs. */
function standing(state: WrapUpState, nowMs: number): WrapUpState {
  const fromMs = Math.max(nowMs, state.standsUntilMs);
  const untilMs = Math.min(state.limitMs, state.untilMs + (nowMs + TYPING_STANDS_MS - fromMs));
  return untilMs === state.untilMs ? state : { ...state, untilMs, standsUntilMs: fromMs + (untilMs - state.untilMs) };
}

function found(state: AfterCallState, mark: AfterCallMark, { rules, nowMs }: { rules: AfterCallRules; nowMs: number }): AfterCallState {
  if (state.phase === 'talking') return state.next === null && mark.next !== null ? { ...state, next: mark.next } : state;
  if (state.phase === 'wrap_up') return state;
  // The call ended while nobody looked: the agent may only now come to write.
  if (mark.wrapUp === null) return { ...fresh({ rules, nowMs }), callId: null, next: mark.next };
  const limitMs = mark.wrapUp.sinceMs + rules.maxMs;
  const untilMs = rules.wrapUpMs === 0 ? nowMs : Math.max(nowMs, Math.min(mark.wrapUp.untilMs, limitMs));
  return { phase: 'wrap_up', callId: null, sinceMs: mark.wrapUp.sinceMs, untilMs, limitMs, standsUntilMs: nowMs, next: mark.next };
}

function fresh({ rules, nowMs }: { rules: AfterCallRules; nowMs: number }): Omit<WrapUpState, 'callId' | 'next'> {
  const untilMs = nowMs + rules.wrapUpMs;
  return { phase: 'wrap_up', sinceMs: nowMs, untilMs, limitMs: nowMs + Math.max(rules.maxMs, rules.wrapUpMs), standsUntilMs: nowMs };
}

/** What of this state the queue keeps for us, so that it outlives the gateway. */
export interface AfterCallMark {
  /** Null: the agent was in the call. */
  readonly wrapUp: { readonly sinceMs: number; readonly untilMs: number } | null;
  readonly next: NextPresence | null;
}

/** @returns null: the queue may ring this agent. */
export function markOf(state: AfterCallState, rules: AfterCallRules): AfterCallMark | null {
  if (state.phase === 'free') return null;
  if (state.phase === 'wrap_up') return { wrapUp: { sinceMs: state.sinceMs, untilMs: state.untilMs }, next: state.next };
  return rules.wrapUpMs > 0 || state.next !== null ? { wrapUp: null, next: state.next } : null;
}

/** `wrap_up@<since>.<until>><next>`: seconds in base 36, because Asterisk keeps 80 characters of a pause's reason. */
const MARK = /^wrap_up(?:@([0-9a-z]{1,9})\.([0-9a-z]{1,9}))?(?:>([a-z_]+))?$/;

export function encodeMark({ wrapUp, next }: AfterCallMark): string {
  const seconds = (ms: number): string => Math.ceil(ms / 1000).toString(36);
  const time = wrapUp === null ? '' : `@${seconds(wrapUp.sinceMs)}.${seconds(wrapUp.untilMs)}`;
  return `wrap_up${time}${next === null ? '' : `>${next.state === 'paused' ? next.reason : next.state}`}`;
}

/** @param text what Asterisk keeps as the member's pause reason; ours may be one part of several. */
export function decodeMark(text: string | null): AfterCallMark | null {
  for (const part of (text ?? '').split('+')) {
    const match = MARK.exec(part.trim());
    if (match === null) continue;
    const [, since, until, next] = match;
    const ms = (base36: string): number => Number.parseInt(base36, 36) * 1000;
    return { wrapUp: since === undefined || until === undefined ? null : { sinceMs: ms(since), untilMs: ms(until) }, next: nextOf(next) };
  }
  return null;
}

function nextOf(word: string | undefined): NextPresence | null {
  if (word === 'ready' || word === 'offline') return { state: word };
  const reason = PAUSE_REASONS.find((one) => one === word);
  return reason === undefined ? null : { state: 'paused', reason };
}
