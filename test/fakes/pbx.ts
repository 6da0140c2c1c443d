import type { ChannelRef, ChannelState, DialResult, PbxEvent, PbxSnapshot } from '../../cti-gateway/src/domain/call/pbx-event';
import type { Clock } from '../../cti-gateway/src/ports/clock';
import {
  PbxError,
  type LinkName,
  type LinkState,
  type ConsultStep,
  type OriginateRequest,
  type Pbx,
  type PbxFailure,
  type PbxTarget,
} from '../../cti-gateway/src/ports/pbx';

import { FakeConsultation } from './pbx-consultation';

interface FakeChannel {
  ref: ChannelRef;
  state: ChannelState;
  bridgeId: string | null;
}

interface FakeMember {
  paused: boolean;
  reason: string;
}

export interface InboundCall {
  readonly callId: string;
  readonly number: string | null;
  readonly name?: string;
  readonly line?: string;
  readonly areaCode?: string;
  readonly recording?: string;
}

type EventBody = PbxEvent extends infer E ? (E extends PbxEvent ? Omit<E, 'atMs'> : never) : never;

/**
 * A telephone system with behaviour: channels, one queue, members that stay, clicks that ring. It tells what happens in the
 * same events and the same order as the adapter of the real one; failures are switched on by name.
 */
export class FakePbx implements Pbx {
  readonly originated: OriginateRequest[] = [];
  readonly actions: string[] = [];
  readonly settled: string[] = [];
  /** The last one that was begun. */
  consultation: FakeConsultation | null = null;
  /** How many of the next wishes that are typed as keys do nothing. */
  loseKeys = 0;
  readonly members = new Map<string, FakeMember>();
  readonly marks = new Map<string, string>();
  believed: { readonly run: string; readonly untilSec: number } | null = null;
  /** Held up: an originate is not answered in time, and is done when it goes on, unless it is taken back: then for a moment. */
  stalled = false;
  /** An originate is done, and not answered. */
  silent = false;
  /** Q.850 cause with which the next telephones that are rung end at once, before the originate is answered. */
  endsAtOnce: number | null = null;
  /** Fails the next actions of this kind; `queueAnswer`: those of the queue are done, and their answer is lost. */
  readonly failures: Partial<Record<'originate' | 'hangup' | 'mute' | 'queue' | 'queueAnswer' | 'transfer', PbxFailure>> = {};
  private readonly held: (() => void)[] = [];
  private readonly channels = new Map<string, FakeChannel>();
  private readonly eventListeners = new Set<(event: PbxEvent) => void>();
  private readonly linkListeners = new Set<(link: LinkName, state: LinkState) => void>();
  private readonly links: Record<LinkName, LinkState> = { ami: 'down', ari: 'down' };
  private late: PbxEvent[] | null = null;
  private serial = 0;
  private startup = 1;

  constructor(private readonly clock: Clock) {}

  onEvent(listener: (event: PbxEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  onLink(listener: (link: LinkName, state: LinkState) => void): () => void {
    this.linkListeners.add(listener);
    return () => this.linkListeners.delete(listener);
  }

  linkState(link: LinkName): LinkState {
    return this.links[link];
  }

  async start(): Promise<void> {
    this.setLink('ari', 'up');
    this.setLink('ami', 'up');
    this.resync({ gapFromMs: null, pbxRestarted: false });
  }

  async close(): Promise<void> {
    this.eventListeners.clear();
  }

  async originate(request: OriginateRequest): Promise<void> {
    this.fail('originate');
    if (this.channels.has(request.channelId)) throw new PbxError('duplicate', 'Channel exists');
    if (this.stalled) {
      this.held.push(() => this.place(request));
      throw new PbxError('timeout', 'Told to be held up');
    }
    this.place(request);
    if (this.silent) throw new PbxError('timeout', 'Told not to answer');
  }

  async takeBack(channelId: string): Promise<void> {
    this.actions.push(`takeBack ${channelId}`);
    if (this.stalled) await new Promise<void>((resolve) => this.held.push(resolve));
    this.end(channelId, 16, 'command');
  }

  goOn(): void {
    this.stalled = false;
    for (const act of this.held.splice(0)) act();
  }

  private place(request: OriginateRequest): void {
    this.originated.push(request);
    const channel = this.create(request.channelId, request.channelId, `PJSIP/${request.extension}`, {
      callerNumber: request.number,
      variables: { dialId: request.dialId },
    });
    this.setState(channel.ref.channelId, 'ringing');
    if (this.endsAtOnce !== null) this.end(request.channelId, this.endsAtOnce);
  }

  async hangup(channelId: string): Promise<void> {
    this.fail('hangup');
    this.actions.push(`hangup ${channelId}`);
    if (!this.channels.has(channelId)) throw new PbxError('not_found', 'No such channel');
    this.end(channelId, 16, 'command');
  }

  async mute(channelName: string, muted: boolean): Promise<void> {
    this.fail('mute');
    this.actions.push(`mute ${channelName} ${String(muted)}`);
  }

  async park(channelName: string, parkedBy: string): Promise<void> {
    this.actions.push(`park ${channelName} by ${parkedBy}`);
  }

  async sendDigits(channelName: string, digits: string): Promise<void> {
    this.actions.push(`digits ${channelName} ${digits}`);
  }

  async transfer(channelName: string, target: PbxTarget): Promise<void> {
    this.fail('transfer');
    this.actions.push(`transfer ${channelName} ${Object.values(target).join(' ')}`);
  }

  async consult(channelName: string, target: PbxTarget): Promise<void> {
    this.fail('transfer');
    this.actions.push(`consult ${channelName} ${Object.values(target).join(' ')}`);
    if (this.keysAreLost()) return;
    const agent = [...this.channels.values()].find(({ ref }) => ref.channelName === channelName);
    if (agent === undefined || target.kind === 'queue') return;
    const called = target.kind === 'agent' ? target.extension : 'trunk';
    this.consultation = new FakeConsultation(this, agent.ref.channelId, called);
  }

  async consultSettled(channelName: string): Promise<void> {
    this.settled.push(channelName);
  }

  async consultStep(channelName: string, step: ConsultStep): Promise<void> {
    this.fail('transfer');
    this.actions.push(`${step} ${channelName}`);
    if (!this.keysAreLost()) this.consultation?.do(step);
  }

  async pauseRecording(channelName: string, paused: boolean): Promise<void> {
    this.fail('transfer');
    this.actions.push(`pauseRecording ${channelName} ${String(paused)}`);
  }

  async addQueueMember(queue: string, extension: string, _memberName: string, paused = false): Promise<void> {
    this.fail('queue');
    if (this.members.has(extension)) throw new PbxError('duplicate', 'Already there');
    this.setMember(extension, { paused, reason: '' }, queue);
    this.fail('queueAnswer');
  }

  async removeQueueMember(queue: string, extension: string): Promise<void> {
    this.fail('queue');
    if (!this.members.delete(extension)) throw new PbxError('not_found', 'Not there');
    this.emit({ type: 'queue.memberRemoved', queue, interface: `PJSIP/${extension}` });
    this.fail('queueAnswer');
  }

  async pauseQueueMember(extension: string, paused: boolean, reason: string): Promise<void> {
    this.fail('queue');
    if (!this.members.has(extension)) throw new PbxError('not_found', 'Interface not found');
    this.setMember(extension, { paused, reason });
    this.fail('queueAnswer');
  }

  async putCallerMark(dialForm: string, entry: string | null): Promise<void> {
    this.fail('queue');
    if (entry === null) this.marks.delete(dialForm);
    else this.marks.set(dialForm, entry);
  }

  async believeCallerMarks(run: string, untilSec: number): Promise<void> {
    this.fail('queue');
    this.believed = { run, untilSec };
  }

  /** Somebody else, at a console. */
  removeMember(extension: string, queue = 'hotline'): void {
    this.members.delete(extension);
    this.emit({ type: 'queue.memberRemoved', queue, interface: `PJSIP/${extension}` });
  }

  /** Somebody else, at a console. */
  setMember(extension: string, member: FakeMember, queue = 'hotline'): void {
    this.members.set(extension, member);
    const { paused, reason } = member;
    this.emit({
      type: 'queue.memberStatus',
      queue,
      interface: `PJSIP/${extension}`,
      paused,
      pausedReason: reason === '' ? null : reason,
      inCall: false,
      deviceStatus: 'idle',
    });
  }

  /** A caller enters the queue. */
  callIn({ callId, number, name, line = '02066668888', areaCode = '20', recording }: InboundCall): void {
    const variables = { entryChannelId: callId, line, areaCode, direction: 'inbound', ...(recording === undefined ? {} : { recording }) };
    // A telephone that calls us begins in state Ring; one that is called begins Down.
    this.create(callId, callId, 'PJSIP/trunk', { callerNumber: number, callerName: name ?? null, exten: line, variables }, 'ring');
    this.setState(callId, 'up');
    this.queue(callId);
  }

  queue(callId: string): void {
    this.emit({ type: 'queue.joined', channel: this.need(callId).ref, queue: 'hotline', position: 1, waiting: 1 });
  }

  /** The queue rings an agent. @returns id of the agent's channel. */
  ring(callId: string, extension: string): string {
    const caller = this.need(callId);
    const channelId = `leg-${++this.serial}`;
    const member = this.create(channelId, caller.ref.linkedId, `PJSIP/${extension}`, {
      connectedNumber: caller.ref.callerNumber,
      variables: caller.ref.variables,
    });
    this.emit({ type: 'queue.memberCalled', channel: caller.ref, member: member.ref, queue: 'hotline', interface: `PJSIP/${extension}` });
    this.emit({ type: 'dial.begun', from: caller.ref, to: member.ref, dialString: extension });
    this.setState(channelId, 'ringing');
    this.emit({ type: 'dial.ringing', from: caller.ref, to: this.need(channelId).ref });
    return channelId;
  }

  answer(callId: string, channelId: string): void {
    const caller = this.need(callId);
    this.setState(channelId, 'up');
    const member = this.need(channelId);
    this.emit({ type: 'dial.ended', from: caller.ref, to: member.ref, result: 'answer' });
    this.emit({ type: 'queue.left', channel: caller.ref, queue: 'hotline', waiting: 0 });
    this.emit({
      type: 'queue.memberConnected',
      channel: caller.ref,
      member: member.ref,
      queue: 'hotline',
      interface: endpointOf(member.ref),
      holdMs: 3000,
      ringMs: 1000,
    });
    this.bridge(channelId, callId);
  }

  bridge(...channelIds: readonly string[]): void {
    const bridgeId = `bridge-${++this.serial}`;
    for (const channelId of channelIds) {
      const channel = this.need(channelId);
      channel.bridgeId = bridgeId;
      this.emit({ type: 'bridge.entered', channel: channel.ref, bridgeId, bridgeTechnology: 'simple_bridge' });
    }
  }

  refOf(channelId: string): ChannelRef {
    return this.need(channelId).ref;
  }

  lives(channelId: string): boolean {
    return this.channels.has(channelId);
  }

  bridgeOf(channelId: string): string | null {
    return this.need(channelId).bridgeId;
  }

  /** From the bridge it is in to another. */
  move(channelId: string, bridgeId: string): void {
    this.leave(channelId);
    const channel = this.need(channelId);
    channel.bridgeId = bridgeId;
    this.emit({ type: 'bridge.entered', channel: channel.ref, bridgeId, bridgeTechnology: 'simple_bridge' });
  }

  leave(channelId: string): void {
    const channel = this.need(channelId);
    if (channel.bridgeId === null) return;
    this.emit({ type: 'bridge.left', channel: channel.ref, bridgeId: channel.bridgeId });
    channel.bridgeId = null;
  }

  /** A telephone is called and rings. @returns id of its channel. */
  dialled(from: ChannelRef, extension: string): string {
    const channelId = `leg-${++this.serial}`;
    const { ref } = this.create(channelId, from.linkedId, `PJSIP/${extension}`, { variables: from.variables });
    this.emit({ type: 'dial.begun', from, to: ref, dialString: extension });
    this.setState(channelId, 'ringing');
    this.emit({ type: 'dial.ringing', from, to: this.need(channelId).ref });
    return channelId;
  }

  pickedUp(channelId: string, from: ChannelRef): void {
    this.setState(channelId, 'up');
    this.emit({ type: 'dial.ended', from, to: this.need(channelId).ref, result: 'answer' });
  }

  /** The agent's telephone stops ringing: no answer, or somebody else was faster, or the caller has gone. */
  stopRinging(callId: string, channelId: string, why: { result: DialResult; cause: number }): void {
    const caller = this.need(callId);
    const member = this.need(channelId);
    this.emit({ type: 'dial.ended', from: caller.ref, to: member.ref, result: why.result });
    if (why.result === 'no_answer') {
      this.emit({
        type: 'queue.memberRingNoAnswer',
        channel: caller.ref,
        member: member.ref,
        queue: 'hotline',
        interface: endpointOf(member.ref),
        ringMs: 20_000,
      });
    }
    this.end(channelId, why.cause);
  }

  abandon(callId: string): void {
    this.emit({ type: 'queue.abandoned', channel: this.need(callId).ref, queue: 'hotline' });
    this.emit({ type: 'queue.left', channel: this.need(callId).ref, queue: 'hotline', waiting: 0 });
    this.end(callId, 16, 'peer');
  }

  /** The clicked number is dialled once the agent's telephone is up. @returns id of the customer's channel. */
  dialCustomer(agentChannelId: string, number: string): string {
    this.setState(agentChannelId, 'up');
    const agent = this.need(agentChannelId);
    const variables = { ...agent.ref.variables, entryChannelId: agentChannelId, direction: 'outbound', dialledNumber: number };
    agent.ref = { ...agent.ref, variables };
    const channelId = `cust-${++this.serial}`;
    const customer = this.create(channelId, agent.ref.linkedId, 'PJSIP/trunk', { connectedNumber: number, variables });
    this.emit({ type: 'dial.begun', from: agent.ref, to: customer.ref, dialString: `${number}@trunk` });
    this.setState(channelId, 'ringing');
    this.emit({ type: 'dial.ringing', from: agent.ref, to: this.need(channelId).ref });
    return channelId;
  }

  customerAnswers(agentChannelId: string, channelId: string): void {
    this.setState(channelId, 'up');
    this.emit({ type: 'dial.ended', from: this.need(agentChannelId).ref, to: this.need(channelId).ref, result: 'answer' });
    this.bridge(agentChannelId, channelId);
  }

  customerFails(agentChannelId: string, channelId: string, why: { result: DialResult; cause: number }): void {
    this.emit({ type: 'dial.ended', from: this.need(agentChannelId).ref, to: this.need(channelId).ref, result: why.result });
    this.end(channelId, why.cause);
    this.end(agentChannelId, why.cause, 'dialplan');
  }

  /** Ends a channel, and with it the channels bridged to it. */
  end(channelId: string, cause = 16, requestedBy?: 'peer' | 'command' | 'dialplan'): void {
    const channel = this.channels.get(channelId);
    if (channel === undefined) return;
    this.channels.delete(channelId);
    const peers = [...this.channels.values()].filter((other) => other.bridgeId !== null && other.bridgeId === channel.bridgeId);
    if (requestedBy !== undefined) this.emit({ type: 'channel.hangupRequested', channel: channel.ref, requestedBy, cause });
    if (channel.bridgeId !== null) this.emit({ type: 'bridge.left', channel: channel.ref, bridgeId: channel.bridgeId });
    this.emit({ type: 'channel.ended', channel: channel.ref, cause, state: channel.state });
    for (const peer of peers) this.end(peer.ref.channelId, cause);
  }

  hold(channelId: string, held: boolean): void {
    this.emit({ type: held ? 'hold.begun' : 'hold.ended', channel: this.need(channelId).ref });
  }

  device(extension: string, state: 'idle' | 'unavailable' | 'ringing' | 'in_use'): void {
    this.emit({ type: 'device.state', device: `PJSIP/${extension}`, state });
  }

  setLink(link: LinkName, state: LinkState): void {
    this.links[link] = state;
    for (const listener of this.linkListeners) listener(link, state);
  }

  /** Asterisk is gone and back; without `members` it has forgotten them. */
  restart({ keepMembers }: { keepMembers: boolean }): void {
    const gapFromMs = this.clock.nowMs();
    this.channels.clear();
    this.startup += 1;
    if (!keepMembers) this.members.clear();
    this.resync({ gapFromMs, pbxRestarted: true });
  }

  resync({ gapFromMs, pbxRestarted }: { gapFromMs: number | null; pbxRestarted: boolean }): void {
    this.emit({ type: 'resynced', gapFromMs, pbxRestarted, snapshot: this.snapshot() });
  }

  emit(event: EventBody): void {
    const dated = { atMs: this.clock.nowMs(), ...event } as PbxEvent;
    if (this.late !== null) this.late.push(dated);
    else this.pass(dated);
  }

  /** Events come late from now on, until {@link catchUp}; answers to actions do not. */
  fallBehind(): void {
    this.late ??= [];
  }

  /** The first `count` events that are late come now, in their order; without a number all, and from then on at once. */
  catchUp(count = Infinity): void {
    const due = this.late?.splice(0, count) ?? [];
    if (count === Infinity) this.late = null;
    for (const event of due) this.pass(event);
  }

  /** The events that are late never come. */
  loseLate(): void {
    this.late = null;
  }

  private pass(event: PbxEvent): void {
    for (const listener of this.eventListeners) listener(event);
  }

  private snapshot(): PbxSnapshot {
    return {
      channels: [...this.channels.values()].map(({ ref, state, bridgeId }) => ({
        channel: ref,
        state,
        createdAtMs: this.clock.nowMs(),
        bridgeId,
        application: null,
      })),
      queues: [{ queue: 'hotline', waiting: 0, callerChannelIds: [] }],
      members: [...this.members].map(([extension, { paused, reason }]) => ({
        queue: 'hotline',
        interface: `PJSIP/${extension}`,
        paused,
        pausedReason: reason === '' ? null : reason,
        deviceStatus: 'idle' as const,
      })),
      devices: [],
      startupKey: String(this.startup),
    };
  }

  private create(
    channelId: string,
    linkedId: string,
    endpoint: string,
    more: Partial<ChannelRef>,
    state: ChannelState = 'down',
  ): FakeChannel {
    const ref: ChannelRef = {
      channelId,
      linkedId,
      channelName: `${endpoint}-${(++this.serial).toString(16).padStart(8, '0')}`,
      callerNumber: null,
      callerName: null,
      connectedNumber: null,
      exten: null,
      context: null,
      variables: {},
      ...more,
    };
    const channel: FakeChannel = { ref, state, bridgeId: null };
    this.channels.set(channelId, channel);
    this.emit({ type: 'channel.created', channel: ref, state });
    return channel;
  }

  private setState(channelId: string, state: ChannelState): void {
    const channel = this.need(channelId);
    channel.state = state;
    this.emit({ type: 'channel.state', channel: channel.ref, state });
  }

  private need(channelId: string): FakeChannel {
    const channel = this.channels.get(channelId);
    if (channel === undefined) throw new Error(`the fake has no channel ${channelId}`);
    return channel;
  }

  private keysAreLost(): boolean {
    if (this.loseKeys === 0) return false;
    this.loseKeys -= 1;
    return true;
  }

  private fail(kind: keyof FakePbx['failures']): void {
    const reason = this.failures[kind];
    if (reason !== undefined) throw new PbxError(reason, `Told to fail: ${reason}`);
  }
}

function endpointOf(ref: ChannelRef): string {
  return ref.channelName.slice(0, ref.channelName.lastIndexOf('-'));
}
