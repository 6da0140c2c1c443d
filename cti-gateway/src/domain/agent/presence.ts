/**
 * Presence of one agent (签入 / 置闲 / 置忙 / 签出). Asterisk's queue is the one that knows: what it says about the member is
 * the truth, whoever changed it.
 *
 *     offline ──member seen──▶ ready ◀──unpaused / paused──▶ paused { reasons }
 *        ▲                       │                             │
 *        └──────── removed ──────┴──────────── removed ────────┘
 *
 * `since` moves only when the state or the set of reasons does.
 */
export const PAUSE_REASONS = ['break', 'meeting', 'training', 'desk_work', 'ring_no_answer', 'declined', 'supervisor'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Reasons an agent gives; they exclude one another. The others are set by the system or by somebody else. */
const OWN_REASONS: ReadonlySet<PauseReason> = new Set<PauseReason>(['break', 'meeting', 'training', 'desk_work']);

export type AgentPresenceState =
  | { readonly state: 'offline' }
  | { readonly state: 'ready'; readonly sinceMs: number }
  | { readonly state: 'paused'; readonly sinceMs: number; readonly reasons: readonly PauseReason[] };

/** What the queue says about a member. */
export type MemberFact =
  { readonly kind: 'removed' } | { readonly kind: 'member'; readonly paused: boolean; readonly pausedReason: string | null };

export const OFFLINE: AgentPresenceState = { state: 'offline' };
export const REMOVED: MemberFact = { kind: 'removed' };

/** @returns the same object when nothing changed. */
export function observeMember(current: AgentPresenceState, fact: MemberFact, nowMs: number): AgentPresenceState {
  if (fact.kind === 'removed') return current.state === 'offline' ? current : OFFLINE;
  // Kept from the queue around a call only: that is no pause of the agent's.
  if (!fact.paused || isMarkOnly(fact.pausedReason)) return current.state === 'ready' ? current : { state: 'ready', sinceMs: nowMs };
  const reasons = decodeReasons(fact.pausedReason);
  if (current.state === 'paused' && sameReasons(current.reasons, reasons)) return current;
  return { state: 'paused', sinceMs: nowMs, reasons };
}

/** The set after the agent chose `reason` alone: it takes the place of the agent's earlier own ones, those of others stay. */
export function withReason(current: readonly PauseReason[], reason: PauseReason): readonly PauseReason[] {
  return inOrder([...current.filter((other) => !OWN_REASONS.has(other)), reason]);
}

/** The agent is let go after a call: as they are, from now on. */
export function anew(current: AgentPresenceState, nowMs: number): AgentPresenceState {
  return current.state === 'offline' ? current : { ...current, sinceMs: nowMs };
}

/** What stands in the way of queue calls; empty for whoever is ready or signed out. */
export function reasonsOf(current: AgentPresenceState): readonly PauseReason[] {
  return current.state === 'paused' ? current.reasons : [];
}

/** Text kept by Asterisk as the member's pause reason. No comma: Asterisk would take it for a separator. */
export function encodeReasons(reasons: readonly PauseReason[]): string {
  return inOrder(reasons).join('+');
}

/** Reads our own text and everybody else's: Asterisk's autopause, a supervisor at the console, an empty reason. */
export function decodeReasons(text: string | null): readonly PauseReason[] {
  const parts = (text ?? '').split('+').map((part) => part.trim().toLowerCase());
  const reasons = parts.flatMap((part): PauseReason[] => {
    if (part === 'auto-pause' || part === 'autopause') return ['ring_no_answer'];
    return isPauseReason(part) ? [part] : [];
  });
  return reasons.length > 0 ? inOrder(reasons) : ['supervisor'];
}

/** A pause for the sake of a call and its wrap-up, with no reason of the agent's beside it. */
function isMarkOnly(text: string | null): boolean {
  const parts = (text ?? '').split('+').map((part) => part.trim());
  return parts.every((part) => part.startsWith('wrap_up'));
}

function isPauseReason(text: string): text is PauseReason {
  return (PAUSE_REASONS as readonly string[]).includes(text);
}

function inOrder(reasons: readonly PauseReason[]): readonly PauseReason[] {
  return PAUSE_REASONS.filter((reason) => reasons.includes(reason));
}

function sameReasons(a: readonly PauseReason[], b: readonly PauseReason[]): boolean {
  return a.length === b.length && a.every((reason, index) => reason === b[index]);
}
