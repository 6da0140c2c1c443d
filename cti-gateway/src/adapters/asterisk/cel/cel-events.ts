import type { ChannelRef, DialplanVariables, PbxEvent } from '../../../domain/call/pbx-event';
import { dialResult } from '../pbx-events-words';
import { extraNumber, extraText, type CelRecord } from './cel-record';

/**
 * The caller has hung up in the queue when its channel ends this soon after leaving it; an announcement takes longer. Seen on a busy
 * machine: 94 ms.
 */
const AT_ONCE_MS = 250;

interface Seen {
  ref: ChannelRef;
  application: string;
  applicationData: string;
  queue: string | null;
  called: boolean;
  bridges: number;
  /** How often it has dialled. */
  dials: number;
  /** The channel that dialled it, by which of its Dials; null: somebody else's doing. */
  dialledBy: { readonly from: Seen; readonly dial: number } | null;
}

/**
 * What the channel event log tells, in the words of the event stream, so that one call model reads both. CEL has no ringing and no
 * requests to hang up: a telephone counts as ringing from being called, and who hung up is who Asterisk names as the source.
 * Holds are known where Asterisk logs its music (STREAM_BEGIN, 22).
 */
export class CelEvents {
  private readonly channels = new Map<string, Seen>();
  private readonly byName = new Map<string, string>();
  private readonly hangups = new Map<string, CelRecord>();
  private readonly ends = new Map<string, CelRecord[]>();
  private readonly variables = new Map<string, DialplanVariables>();
  private readonly blamed = new Set<string>();

  /** @param records in the order they were written. */
  constructor(private readonly records: readonly CelRecord[]) {
    for (const record of records.filter(({ type }) => type === 'HANGUP')) {
      this.hangups.set(record.channelId, record);
      this.ends.set(record.linkedId, [...(this.ends.get(record.linkedId) ?? []), record]);
    }
  }

  /** Every event of the records, in order. */
  *events(): Generator<PbxEvent> {
    for (const record of this.records) yield* this.of(record);
  }

  private *of(record: CelRecord): Generator<PbxEvent> {
    if (record.channelId === '' || record.type === 'LINKEDID_END') return;
    const known = this.channels.get(record.channelId);
    const seen = this.see(record, known);
    const base = { atMs: record.atMs, channel: seen.ref };
    if (record.type === 'CHAN_START') return yield* this.started(record, seen);
    if (record.application === 'AppQueue' && !seen.called) yield* this.calledByQueue(record, seen);
    switch (record.type) {
      case 'ANSWER':
        return yield { ...base, type: 'channel.state', state: 'up' };
      case 'APP_START':
        return yield* this.applicationStarted(record, seen);
      case 'APP_END':
        return yield* this.applicationEnded(record, seen);
      case 'BRIDGE_ENTER':
        return yield* this.entered(record, seen);
      case 'BRIDGE_EXIT':
        seen.bridges -= 1;
        return yield { ...base, type: 'bridge.left', bridgeId: extraText(record, 'bridge_id') ?? '' };
      case 'STREAM_BEGIN':
      case 'STREAM_END':
        return yield* music(record, seen);
      case 'HANGUP':
        return yield* this.ended(record, seen);
      case 'USER_DEFINED':
        return yield* this.userEvent(record, seen);
      default:
        return yield* this.moved(record, seen);
    }
  }

  private *started(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    // Asterisk gives `s` to a channel it calls out with, and what was dialled to one that called in.
    const called = record.exten === 's';
    yield { type: 'channel.created', atMs: record.atMs, channel: seen.ref, state: called ? 'down' : 'ring' };
    if (!called) return;
    const dialling = [...this.channels.values()].find((other) => other.application === 'Dial' && sameCall(other, seen));
    if (dialling !== undefined) seen.dialledBy = { from: dialling, dial: dialling.dials };
    const dialString = dialling === undefined ? null : dialStringFor(seen.ref, dialling.applicationData);
    const from = dialling?.ref ?? null;
    yield { type: 'dial.begun', atMs: record.atMs, from, to: seen.ref, dialString };
    yield { type: 'dial.ringing', atMs: record.atMs, from, to: seen.ref };
  }

  private *calledByQueue(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    const caller = [...this.channels.values()].find((other) => other.application === 'Queue' && sameCall(other, seen));
    if (caller?.queue == null) return;
    seen.called = true;
    const pair = { channel: caller.ref, member: seen.ref, queue: caller.queue, interface: endpoint(seen.ref) };
    yield { type: 'queue.memberCalled', atMs: record.atMs, ...pair };
    if (record.type === 'HANGUP' && this.stillWaits(caller, record)) {
      yield { type: 'queue.memberRingNoAnswer', atMs: record.atMs, ...pair, ringMs: 0 };
    }
  }

  /** The telephone stopped ringing though its caller went on waiting. */
  private stillWaits(caller: Seen, { atMs }: CelRecord): boolean {
    const end = this.hangups.get(caller.ref.channelId);
    return caller.bridges === 0 && (end === undefined || end.atMs > atMs + AT_ONCE_MS);
  }

  private *applicationStarted(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    seen.application = record.application;
    seen.applicationData = record.applicationData;
    if (record.application === 'Dial') seen.dials += 1;
    if (record.application !== 'Queue') return;
    seen.queue = record.applicationData.split(',')[0] ?? '';
    yield { type: 'queue.joined', atMs: record.atMs, channel: seen.ref, queue: seen.queue, position: 0, waiting: 0 };
  }

  private *applicationEnded(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    const end = this.hangups.get(record.channelId);
    if (seen.queue !== null && end !== undefined && end.atMs - record.atMs < AT_ONCE_MS) yield* this.blame(end, record.atMs);
    if (seen.queue !== null) yield { type: 'queue.left', atMs: record.atMs, channel: seen.ref, queue: seen.queue, waiting: 0 };
    seen.application = '';
    seen.queue = null;
  }

  /**
   * A telephone that Dial rang and that did not pick up. How the last Dial of a channel went is written when the channel ends; while that
   * lives on (it hears a tone, or goes another way), nobody gave up: time had passed.
   */
  private *unanswered(record: CelRecord, to: Seen): Generator<PbxEvent> {
    const dialledBy = to.dialledBy ?? this.diallerOf(to);
    if (to.ref.state === 'up' || to.called || dialledBy === null) return;
    const { from, dial } = dialledBy;
    const end = dial === from.dials ? this.hangups.get(from.ref.channelId) : undefined;
    const status =
      (end === undefined ? null : extraText(end, 'dialstatus')) ?? (extraNumber(record, 'hangupcause') === 0 ? 'NOANSWER' : null);
    if (status === null || status === 'ANSWER') return;
    yield { type: 'dial.ended', atMs: record.atMs, from: from.ref, to: to.ref, result: dialResult(status) };
  }

  /** The line of its Dial was written after its own first. */
  private diallerOf(to: Seen): Seen['dialledBy'] {
    const from = [...this.channels.values()].find((other) => other !== to && other.dials > 0 && sameCall(other, to));
    return from === undefined || to.ref.channelId === to.ref.linkedId ? null : { from, dial: from.dials };
  }

  private *entered(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    const { atMs } = record;
    seen.bridges += 1;
    if (seen.queue !== null) {
      yield { type: 'queue.left', atMs, channel: seen.ref, queue: seen.queue, waiting: 0 };
      const member = [...this.channels.values()].find((other) => other.called && other.bridges > 0 && sameCall(other, seen));
      const pair =
        member === undefined ? null : { channel: seen.ref, member: member.ref, queue: seen.queue, interface: endpoint(member.ref) };
      if (pair !== null) yield { type: 'queue.memberConnected', atMs, ...pair, holdMs: 0, ringMs: 0 };
      seen.queue = null;
    }
    const technology = extraText(record, 'bridge_technology');
    const bridgeId = extraText(record, 'bridge_id') ?? '';
    yield { type: 'bridge.entered', atMs, channel: seen.ref, bridgeId, bridgeTechnology: technology };
  }

  private *ended(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    // Whoever hung up may be written last.
    const soon = (this.ends.get(record.linkedId) ?? []).filter(({ atMs }) => Math.abs(atMs - record.atMs) < AT_ONCE_MS);
    for (const end of [record, ...soon]) yield* this.blame(end, record.atMs);
    yield* this.unanswered(record, seen);
    const cause = extraNumber(record, 'hangupcause') ?? 0;
    yield { type: 'channel.ended', atMs: record.atMs, channel: seen.ref, cause, state: seen.ref.state ?? 'other' };
    this.channels.delete(record.channelId);
  }

  /** Whose hanging up ended this channel: told once of each. */
  private *blame(end: CelRecord, atMs: number): Generator<PbxEvent> {
    const source = extraText(end, 'hangupsource');
    const channelId = source === null ? undefined : source === end.channelName ? end.channelId : this.byName.get(source);
    const seen = channelId === undefined ? undefined : this.channels.get(channelId);
    if (seen === undefined || channelId === undefined || this.blamed.has(channelId)) return;
    this.blamed.add(channelId);
    const cause = channelId === end.channelId ? extraNumber(end, 'hangupcause') : null;
    yield { type: 'channel.hangupRequested', atMs, channel: seen.ref, requestedBy: 'peer', cause };
  }

  private *moved(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    const base = { atMs: record.atMs, channel: seen.ref };
    const transferee = this.named(record, 'transferee_channel');
    if (record.type === 'BLINDTRANSFER') {
      yield { ...base, type: 'transfer.blind', transferee, exten: extraText(record, 'extension') ?? '', done: true };
    } else if (record.type === 'ATTENDEDTRANSFER') {
      const second = this.named(record, 'channel2') ?? seen.ref;
      yield { ...base, type: 'transfer.attended', second, transferee, target: this.named(record, 'transfer_target_channel'), done: true };
    } else if (record.type === 'PARK_START') {
      yield { ...base, type: 'call.parked', parkedBy: extraText(record, 'parker_dial_string'), place: '', timeoutMs: null };
    } else if (record.type === 'PARK_END') {
      const reason = extraText(record, 'reason');
      const retrieved = reason === 'ParkedCallUnparked' || reason === 'ParkedCallSwap';
      const how = retrieved ? 'retrieved' : reason === 'ParkedCallTimeOut' ? 'timed_out' : 'given_up';
      const retriever = this.channels.get(this.byName.get(extraText(record, 'retriever') ?? '') ?? '')?.ref ?? null;
      yield { ...base, type: 'call.unparked', retriever, place: '', how };
    }
  }

  private named(record: CelRecord, prefix: string): ChannelRef | null {
    const id = extraText(record, `${prefix}_uniqueid`);
    return id === null ? null : (this.channels.get(id)?.ref ?? null);
  }

  /** What dialplans tell by CELGenUserEvent: `CTI` the call's variables, `RECORDING` the file, `VOICEMAIL` a message left, `EXIT` where the caller left the way. */
  private *userEvent(record: CelRecord, seen: Seen): Generator<PbxEvent> {
    const text = extraText(record, 'extra');
    const told = text === null ? null : variablesIn(record.name, text);
    if (told === null) return;
    this.variables.set(record.linkedId, { ...told, ...this.variables.get(record.linkedId) });
    seen.ref = { ...seen.ref, variables: { ...told, ...seen.ref.variables } };
    yield { type: 'channel.updated', atMs: record.atMs, channel: seen.ref };
  }

  private see(record: CelRecord, known: Seen | undefined): Seen {
    const up = record.type === 'ANSWER' || known?.ref.state === 'up';
    const ref: ChannelRef = {
      channelId: record.channelId,
      linkedId: record.linkedId || record.channelId,
      channelName: record.channelName,
      callerNumber: record.callerNumber || null,
      callerName: record.callerName || null,
      connectedNumber: null,
      exten: record.exten || null,
      context: record.context || null,
      variables: this.variables.get(record.linkedId) ?? known?.ref.variables ?? {},
      state: up ? 'up' : 'down',
    };
    const seen = known ?? { ref, application: '', applicationData: '', queue: null, called: false, bridges: 0, dials: 0, dialledBy: null };
    seen.ref = ref;
    this.channels.set(record.channelId, seen);
    this.byName.set(record.channelName, record.channelId);
    return seen;
  }
}

/** A stream with a class is music; others are announcements. The end does not say of what. */
function* music(record: CelRecord, seen: Seen): Generator<PbxEvent> {
  const begins = record.type === 'STREAM_BEGIN' && extraText(record, 'class') !== null;
  if (!begins && record.type === 'STREAM_BEGIN') return;
  yield { type: begins ? 'music.begun' : 'music.ended', atMs: record.atMs, channel: seen.ref };
}

/** `CTI_ID|CTI_DIRECTION|CTI_LINE|CTI_AREA|CTI_DIALLED|CTI_DIAL|CTI_CONTEXT`. */
function variablesIn(name: string, text: string): DialplanVariables | null {
  if (name === 'RECORDING') return { recording: text };
  if (name === 'VOICEMAIL') return { voicemail: text };
  if (name === 'EXIT') return { exit: text };
  if (name !== 'CTI') return null;
  const fields = ['entryChannelId', 'direction', 'line', 'areaCode', 'dialledNumber', 'dialId', 'callerContext'] as const;
  const values = text.split('|');
  return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']).filter(([, value]) => value !== ''));
}

/** The part of Dial's arguments that calls this channel: `PJSIP/13800138000@trunk&PJSIP/1001,30,t`. */
function dialStringFor(channel: ChannelRef, applicationData: string): string | null {
  const name = endpoint(channel).replace(/^[^/]+\//, '');
  const targets = (applicationData.split(',')[0] ?? '').split('&').map((target) => target.replace(/^[^/]+\//, ''));
  return targets.find((target) => target === name || target.endsWith(`@${name}`)) ?? targets[0] ?? null;
}

function sameCall(one: Seen, other: Seen): boolean {
  return one.ref.linkedId === other.ref.linkedId;
}

function endpoint(channel: ChannelRef): string {
  return channel.channelName.slice(0, channel.channelName.lastIndexOf('-'));
}
