import type { CallView, DeviceState, MatchOwner, PauseReason, Presence, QueueDepth } from '../../../../cti-gateway/protocol';
import type { MicrophoneState, PhoneSession, Registration } from '../../softphone';
import type { ConnectionState } from '../../transport';
import type { IconName } from '../../ui/icons';

/** One word for what the call bar shows. */
export type BarState =
  | 'offline' | 'connecting' | 'ready' | 'paused' | 'ringing' | 'ringing-out' | 'in-call' | 'hold' | 'ended' | 'lost' | 'other-tab' | 'mic-refused';

export type Tint = 'none' | 'amber' | 'green' | 'violet' | 'teal' | 'red';
export type MainAction = 'none' | 'sign-in' | 'ready' | 'answer' | 'bring-here' | 'finish' | 'retry-mic' | 'reconnect';
export type EndAction = 'none' | 'decline' | 'cancel' | 'hangup';

/** A phrase by its key; parameters that are keys themselves are given as `{ key }`. */
export interface Phrase {
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface BarModel {
  readonly state: BarState;
  readonly tint: Tint;
  readonly disc: { readonly tone: '' | 'amber' | 'green' | 'violet' | 'teal' | 'red' | 'hold'; readonly icon: IconName; readonly pulse: boolean };
  /** `agent`: the left zone's shape and words. */
  readonly agent: { readonly dot: '' | 'work' | 'paused' | 'off' | 'lost'; readonly title: Phrase; readonly detail: Phrase; readonly sinceMs: number | null };
  readonly title: Phrase;
  /** Whom the call is with; named after the title. */
  readonly call: CallView | null;
  readonly detail: readonly Phrase[];
  /** A clock counting from here; null: none. `frozenAtMs`: it stands. */
  readonly timer: { readonly sinceMs: number; readonly frozenAtMs: number | null; readonly label: string } | null;
  readonly main: { readonly action: MainAction; readonly label: string; readonly tone: 'green' | 'primary' | 'teal' };
  readonly end: { readonly action: EndAction; readonly label: string };
  readonly mute: { readonly enabled: boolean; readonly on: boolean };
  readonly hold: { readonly enabled: boolean; readonly on: boolean };
  readonly keypad: { readonly enabled: boolean };
}

export interface BarInput {
  readonly nowMs: number;
  readonly connection: ConnectionState;
  readonly everOpen: boolean;
  readonly lostSinceMs: number | null;
  readonly extension: string | null;
  readonly presence: Presence;
  readonly queues: readonly QueueDepth[];
  readonly device: DeviceState;
  /** Whether the agent's telephone is a browser's. */
  readonly browserPhone: boolean;
  readonly ownsPhone: boolean;
  readonly registration: Registration | null;
  readonly microphone: MicrophoneState;
  readonly session: PhoneSession | null;
  readonly call: CallView | null;
  readonly dialSinceMs: number | null;
  /** The call that ended and whose record is not finished. */
  readonly wrapUp: CallView | null;
}

/** A cut of less than this is not shown: a resumed connection is no news. */
const GRACE_MS = 1_200;

const NONE = { action: 'none', label: 'bar.answer', tone: 'green' } as const;
const NO_END = { action: 'none', label: 'bar.hangup' } as const;
const OFF = { enabled: false, on: false } as const;
const QUIET = { main: NONE, end: NO_END, mute: OFF, hold: OFF, keypad: { enabled: false }, timer: null, call: null } as const;
const disc = (tone: BarModel['disc']['tone'], icon: IconName, pulse = false) => ({ tone, icon, pulse });
const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

const PAUSE_ICONS: Readonly<Record<PauseReason, IconName>> = {
  break: 'coffee', meeting: 'users', training: 'layers', desk_work: 'edit', ring_no_answer: 'missed', supervisor: 'user',
};

export function agentZone(input: BarInput, working: string | null): BarModel['agent'] {
  const since = input.presence.state === 'offline' ? null : Date.parse(input.presence.since);
  if (working !== null) return { dot: 'work', title: { key: 'presence.working' }, detail: { key: working }, sinceMs: null };
  switch (input.presence.state) {
    case 'offline':
      return { dot: 'off', title: { key: 'presence.offline' }, detail: { key: 'presence.notSignedIn' }, sinceMs: null };
    case 'ready':
      return { dot: '', title: { key: 'presence.ready' }, detail: { key: 'presence.readyFor' }, sinceMs: since };
    case 'paused':
      return { dot: 'paused', title: { key: `pause.${input.presence.reasons[0] ?? 'break'}` }, detail: { key: 'presence.pausedFor' }, sinceMs: since };
  }
}

function queueDetail(queues: readonly QueueDepth[]): Phrase[] {
  return queues.map((queue) => ({ key: 'bar.queueDepth', params: { queue: queue.queue, waiting: queue.waiting } }));
}

function refused(input: BarInput, reason: string): BarModel {
  const again = reason === 'version' ? 'bar.reload' : 'bar.connect';
  return {
    ...QUIET,
    state: 'offline', tint: reason === 'no_extension' ? 'none' : 'red', disc: disc(reason === 'no_extension' ? '' : 'red', reason === 'no_extension' ? 'phone' : 'wifioff'),
    agent: agentZone({ ...input, presence: { state: 'offline' } }, null),
    title: { key: `refusal.${reason}.title` }, detail: [{ key: `refusal.${reason}.detail` }],
    main: reason === 'no_extension' ? NONE : { action: 'reconnect', label: again, tone: 'primary' },
  };
}

function connecting(attempt: number): BarModel {
  return {
    ...QUIET,
    state: 'connecting', tint: 'none', disc: disc('', 'refresh'),
    agent: { dot: 'off', title: { key: 'presence.offline' }, detail: { key: 'presence.connecting' }, sinceMs: null },
    title: attempt > 1 ? { key: 'bar.connectingAgain', params: { attempt } } : { key: 'bar.connecting' },
    detail: [{ key: 'bar.connectingDetail' }],
  };
}

function lost(input: BarInput): BarModel {
  const state = input.connection;
  const call = input.call;
  const talkedSince = call === null ? null : timeOf(call.answeredAt);
  const seconds = state.name === 'waiting' ? Math.max(0, Math.ceil((state.retryAtMs - input.nowMs) / 1000)) : 0;
  return {
    ...QUIET,
    state: 'lost', tint: 'red', disc: disc('red', 'wifioff'),
    agent: { dot: 'lost', title: { key: call === null ? 'presence.unknown' : 'presence.working' }, detail: { key: 'presence.stateUnknown' }, sinceMs: null },
    title: { key: call === null ? 'bar.lost' : 'bar.lostInCall' },
    detail: [
      { key: 'bar.lastCertain' },
      seconds > 0 ? { key: 'bar.retryIn', params: { seconds } } : { key: 'bar.retrying' },
      { key: 'bar.textSafe' },
    ],
    timer: talkedSince === null ? null : { sinceMs: talkedSince, frozenAtMs: input.lostSinceMs, label: 'bar.untilLost' },
    main: { action: 'reconnect', label: 'bar.connect', tone: 'primary' },
  };
}

function ringing(input: BarInput, call: CallView): BarModel {
  const rings = timeOf(call.alertingAt);
  const canAnswer = input.browserPhone;
  return {
    ...QUIET,
    state: 'ringing', tint: 'amber', disc: disc('amber', 'in', true), call,
    agent: agentZone(input, null).dot === '' ? { ...agentZone(input, null), detail: { key: 'presence.ringing' }, sinceMs: null } : agentZone(input, null),
    title: { key: 'bar.ringing' },
    detail: canAnswer ? [] : [{ key: 'bar.answerOnPhone' }],
    timer: rings === null ? null : { sinceMs: rings, frozenAtMs: null, label: 'bar.ring' },
    main: canAnswer ? { action: 'answer', label: 'bar.answer', tone: 'green' } : NONE,
    end: { action: 'decline', label: 'bar.decline' },
  };
}

function ringingOut(input: BarInput, call: CallView | null): BarModel {
  const since = call === null ? input.dialSinceMs : timeOf(call.enteredAt);
  return {
    ...QUIET,
    state: 'ringing-out', tint: 'amber', disc: disc('amber', 'out'), call,
    agent: agentZone(input, 'presence.dialling'),
    title: { key: 'bar.calling' },
    detail: [{ key: call?.state === 'delivered' ? 'bar.farRings' : 'bar.ownRings' }],
    timer: since === null ? null : { sinceMs: since, frozenAtMs: null, label: 'bar.ring' },
    end: call === null ? NO_END : { action: 'cancel', label: 'bar.cancel' },
    keypad: { enabled: call?.state === 'delivered' },
  };
}

function talking(input: BarInput, call: CallView): BarModel {
  const elsewhere = input.browserPhone && !input.ownsPhone && input.session !== null;
  const held = call.state === 'hold';
  const answered = timeOf(call.answeredAt);
  const heldSince = timeOf(call.heldSince);
  const muted = call.muted || (input.session?.state === 'active' && input.session.muted);
  const details: Phrase[] = [{ key: `direction.${call.direction}` }];
  if (elsewhere) details.push({ key: 'bar.soundElsewhere' });
  else if (held) details.push({ key: 'bar.customerHears' });
  else if (call.recording) details.push({ key: 'bar.recording' });
  return {
    state: held ? 'hold' : elsewhere ? 'other-tab' : 'in-call',
    tint: held ? 'violet' : 'green',
    disc: held ? disc('hold', 'pause') : elsewhere ? disc('green', 'tab') : disc('green', call.direction === 'outbound' ? 'out' : 'in'),
    call,
    agent: agentZone(input, held ? 'presence.onHold' : 'presence.inCall'),
    title: { key: held ? 'bar.onHold' : 'bar.inCall' },
    detail: details,
    timer: held && heldSince !== null ? { sinceMs: heldSince, frozenAtMs: null, label: 'bar.hold' } : answered === null ? null : { sinceMs: answered, frozenAtMs: null, label: 'bar.talk' },
    main: elsewhere ? { action: 'bring-here', label: 'bar.bringHere', tone: 'primary' } : NONE,
    end: { action: 'hangup', label: 'bar.hangup' },
    mute: { enabled: true, on: muted },
    hold: { enabled: input.session !== null, on: held },
    keypad: { enabled: !held },
  };
}

function ended(input: BarInput, call: CallView): BarModel {
  const answered = timeOf(call.answeredAt);
  const end = timeOf(call.endedAt);
  return {
    ...QUIET,
    state: 'ended', tint: 'teal', disc: disc('teal', 'edit'), call,
    agent: agentZone(input, null),
    title: { key: 'bar.ended' },
    detail: [{ key: `endedBy.${call.outcome === 'lost_contact' ? 'lost' : (call.endedBy ?? 'unknown')}` }, { key: 'bar.recordOpen' }],
    timer: answered === null || end === null ? null : { sinceMs: answered, frozenAtMs: end, label: 'bar.talk' },
    main: { action: 'finish', label: 'bar.finish', tone: 'teal' },
  };
}

function microphoneRefused(input: BarInput): BarModel {
  return {
    ...QUIET,
    state: 'mic-refused', tint: 'red', disc: disc('red', 'micoff'),
    agent: { ...agentZone(input, null), dot: 'lost', detail: { key: 'presence.cannotAnswer' }, sinceMs: null },
    title: { key: `microphone.${input.microphone}.title` }, detail: [{ key: `microphone.${input.microphone}.detail` }],
    main: { action: 'retry-mic', label: 'bar.retry', tone: 'primary' },
  };
}

function registering(input: BarInput): BarModel {
  const failed = input.registration?.state === 'failed' ? input.registration.reason : null;
  return {
    ...connecting(1),
    agent: agentZone(input, null),
    disc: disc(failed === null ? '' : 'red', failed === null ? 'refresh' : 'wifioff'),
    title: { key: failed === null ? 'bar.registering' : 'bar.registrationFailed', params: { extension: input.extension ?? '' } },
    detail: [{ key: failed === null ? 'bar.registeringDetail' : `registration.${failed}` }],
  };
}

function idle(input: BarInput): BarModel {
  const elsewhere = input.browserPhone && !input.ownsPhone;
  const agent = agentZone(input, null);
  switch (input.presence.state) {
    case 'offline':
      return {
        ...QUIET, state: 'offline', tint: 'none', disc: disc('', 'phone'), agent,
        title: { key: 'bar.notSignedIn' }, detail: [{ key: 'bar.notSignedInDetail' }],
        main: { action: 'sign-in', label: 'bar.signIn', tone: 'primary' },
      };
    case 'paused':
      return {
        ...QUIET, state: 'paused', tint: 'none', agent,
        disc: disc('', PAUSE_ICONS[input.presence.reasons[0] ?? 'break']),
        title: { key: 'bar.paused' }, detail: input.presence.reasons.includes('ring_no_answer') ? [{ key: 'bar.pausedNoAnswer' }] : [...queueDetail(input.queues), { key: 'bar.noCallsNow' }],
        main: { action: 'ready', label: 'bar.goReady', tone: 'primary' },
      };
    case 'ready':
      return {
        ...QUIET, state: 'ready', tint: 'none', disc: disc('', 'phone'), agent,
        title: { key: 'bar.waiting' }, detail: elsewhere ? [{ key: 'bar.phoneElsewhere' }] : queueDetail(input.queues),
      };
  }
}

/**
 * Everything the call bar shows, from everything that is known; pure. Whichever comes first in this order is shown:
 * refused, not connected yet, lost, ringing or talking, wrap-up, then the agent's own state with what stands in its way.
 */
export function barModel(input: BarInput): BarModel {
  const { connection, call } = input;
  if (connection.name === 'refused') return refused(input, connection.reason);
  if (!input.everOpen) return connecting('attempt' in connection ? connection.attempt : 1);
  const cutForMs = input.lostSinceMs === null ? 0 : input.nowMs - input.lostSinceMs;
  if (connection.name !== 'open' && cutForMs > GRACE_MS) return lost(input);
  if (call !== null) {
    switch (call.state) {
      case 'alerting': return ringing(input, call);
      case 'initiated':
      case 'delivered': return ringingOut(input, call);
      case 'connected':
      case 'hold': return talking(input, call);
      case 'ended': break;
    }
  }
  if (input.dialSinceMs !== null) return ringingOut(input, null);
  if (input.wrapUp !== null) return ended(input, input.wrapUp);
  if (input.presence.state !== 'offline' && input.browserPhone) {
    if (input.microphone.startsWith('microphone_')) return microphoneRefused(input);
    if (input.ownsPhone && input.registration !== null && input.registration.state !== 'registered') return registering(input);
  }
  return idle(input);
}

/** Name, then company, as far as they are known; the number stands in the second line. */
export function whoOf(owner: MatchOwner | null): { readonly name: string; readonly company: string | null } | null {
  if (owner === null) return null;
  return owner.contactName === null ? { name: owner.customerName, company: null } : { name: owner.contactName, company: owner.customerName };
}
