import type { CommandData, DeviceState, Presence } from '../../protocol';
import { deviceStateOf } from '../domain/agent/device-state';
import { extensionOf } from '../domain/agent/endpoint';
import { decodeMark, encodeMark, type AfterCallMark } from '../domain/agent/after-call';
import {
  anew,
  encodeReasons,
  observeMember,
  OFFLINE,
  reasonsOf,
  withReason,
  type AgentPresenceState,
  type MemberFact,
  type PauseReason,
} from '../domain/agent/presence';
import type { PbxEvent, PbxSnapshot } from '../domain/call/pbx-event';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { PbxError } from '../ports/pbx';
import { requirePhone, type Agent, type AgentWithPhone } from './agent';
import { iso } from './call-view';
import { QueueMembership, type QueueActions } from './queue-membership';

interface Desk {
  presence: AgentPresenceState;
  /** The presence everybody has heard of. */
  told: AgentPresenceState;
  /** Keeps the queue's calls away around a call, see `domain/agent/after-call`; null: nothing does. */
  mark: AfterCallMark | null;
  device: DeviceState;
  /** What the agent last asked for, or was found to be; null: not signed in. Only to bring it back when Asterisk has forgotten. */
  wish: { readonly memberName: string; readonly reasons: readonly PauseReason[] } | null;
  /** Commands of one agent from several windows run one after the other. */
  queue: Promise<unknown>;
  cancelSignOut: () => void;
}

/** All that keeps the queue from ringing an agent who is signed in. */
export interface PauseSet {
  readonly reasons: readonly PauseReason[];
  readonly mark: AfterCallMark | null;
}

export interface AgentPresenceOptions {
  readonly pbx: QueueActions;
  readonly queue: string;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
  readonly signOutAfterMs: number;
}

const SAY_AGAIN_MS = 500;

type QueueMember = PbxSnapshot['members'][number];

/**
 * Signing in and out of the queue, ready and paused (签入, 签出, 置闲, 置忙). What is shown is what Asterisk's queue says, whoever
 * changed it; it survives a restart of the gateway because Asterisk keeps it. An agent without any window for
 * `signOutAfterMs` is taken out of the queue, so that no caller waits for an empty chair.
 */
export class AgentPresence {
  private readonly desks = new Map<string, Desk>();
  private readonly membership: QueueMembership;
  private readonly listeners = new Set<(extension: string, state: AgentPresenceState) => void>();
  private closed = false;

  constructor(private readonly options: AgentPresenceOptions) {
    this.membership = new QueueMembership(options.pbx, options.queue);
  }

  presenceOf(extension: string): Presence {
    return toWire(this.desks.get(extension)?.presence ?? OFFLINE);
  }

  deviceOf(extension: string): DeviceState {
    return this.desks.get(extension)?.device ?? 'unknown';
  }

  /** Agents the queue could ring at this moment. */
  readyCount(): number {
    const there = (desk: Desk): boolean => desk.device !== 'unavailable' && desk.device !== 'invalid';
    return [...this.desks.values()].filter((desk) => desk.presence.state === 'ready' && there(desk)).length;
  }

  /** Asterisk has spoken of this telephone. */
  knows(extension: string): boolean {
    return this.desks.has(extension);
  }

  /** Resolves when Asterisk has done it. */
  set(person: Agent, command: CommandData<'presence.set'>): Promise<void> {
    const agent = requirePhone(person);
    const desk = this.desk(agent.extension);
    return this.inTurn(desk, () => this.carryOut(agent, desk, command));
  }

  /**
   * Another set of reasons, or another mark, for somebody who is signed in; of somebody who is not, nothing changes. Resolves when
   * Asterisk has done it.
   */
  change(extension: string, update: (now: PauseSet) => Partial<PauseSet>): Promise<void> {
    const desk = this.desk(extension);
    return this.inTurn(desk, async () => {
      const before = { reasons: reasonsOf(desk.presence), mark: desk.mark };
      const after = { ...before, ...update(before) };
      if (desk.presence.state === 'offline') return;
      const pauseReason = pauseText(after);
      if (pauseReason === pauseText(before)) return;
      await this.options.pbx.pauseQueueMember(extension, pauseReason !== '', pauseReason);
      desk.mark = after.mark;
      if (desk.wish !== null) desk.wish = { ...desk.wish, reasons: after.reasons };
      if (before.mark !== null && after.mark === null) desk.presence = anew(desk.presence, this.options.clock.nowMs());
      this.become(extension, memberFact(pauseReason));
    });
  }

  /** Out of the queue, by somebody else's will. */
  leave(extension: string): Promise<void> {
    const desk = this.desk(extension);
    return this.inTurn(desk, () => this.takeOut(extension, desk));
  }

  /** Calls back after every change of an agent's own state. */
  onChange(listener: (extension: string, state: AgentPresenceState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The agent's first window is there. */
  arrived(extension: string): void {
    this.desk(extension).cancelSignOut();
  }

  /** The agent's last window has gone. */
  left(extension: string): void {
    const desk = this.desk(extension);
    desk.cancelSignOut();
    if (this.closed) return;
    desk.cancelSignOut = this.options.clock.schedule(this.options.signOutAfterMs, () => void this.signOutAbsent(extension));
  }

  apply(event: PbxEvent): void {
    switch (event.type) {
      case 'queue.memberStatus':
        return this.observe(event.queue, event.interface, { kind: 'member', paused: event.paused, pausedReason: event.pausedReason });
      case 'queue.memberRemoved':
        return this.observe(event.queue, event.interface, { kind: 'removed' });
      case 'device.state':
        return this.observeDevice(event.device, event.state);
      case 'resynced':
        return this.resync(event.snapshot, event.pbxRestarted);
      default:
        return;
    }
  }

  close(): void {
    this.closed = true;
    for (const desk of this.desks.values()) desk.cancelSignOut();
    this.listeners.clear();
  }

  private async carryOut(agent: AgentWithPhone, desk: Desk, command: CommandData<'presence.set'>): Promise<void> {
    const { extension } = agent;
    if (command.state === 'offline') return this.takeOut(extension, desk);
    const reasons = command.state === 'paused' ? withReason(desk.presence, command.reason) : [];
    const pauseReason = pauseText({ reasons, mark: desk.mark });
    await this.membership.join({ extension, memberName: agent.displayName, pauseReason, member: desk.presence.state !== 'offline' });
    desk.wish = { memberName: agent.displayName, reasons };
    this.become(extension, memberFact(pauseReason));
  }

  private async takeOut(extension: string, desk: Desk): Promise<void> {
    await this.membership.leave(extension);
    desk.wish = null;
    desk.mark = null;
    this.become(extension, { kind: 'removed' });
  }

  private inTurn(desk: Desk, action: () => Promise<void>): Promise<void> {
    const run = desk.queue.then(action);
    desk.queue = run.catch(() => undefined);
    return run;
  }

  private async signOutAbsent(extension: string): Promise<void> {
    const { channel, log } = this.options;
    const desk = this.desk(extension);
    if (this.closed || channel.connected(extension) > 0 || desk.presence.state === 'offline') return;
    try {
      await this.takeOut(extension, desk);
      log.info({ extension }, 'agent signed out: no window left');
    } catch (error) {
      // Written into the configuration: nobody's to remove. Anything else is tried again.
      if (error instanceof PbxError && error.reason === 'refused') return;
      if (!this.closed && channel.connected(extension) === 0) this.left(extension);
    }
  }

  private observe(queue: string, member: string, fact: MemberFact): void {
    const extension = extensionOf(member);
    if (queue === this.options.queue && extension !== null) this.become(extension, fact);
  }

  private become(extension: string, fact: MemberFact): void {
    const desk = this.desk(extension);
    if (fact.kind === 'removed') desk.mark = null;
    const next = observeMember(desk.presence, fact, this.options.clock.nowMs());
    desk.presence = next;
    if (next === desk.told) return;
    desk.told = next;
    this.options.channel.send({ extension }, 'presence.changed', { presence: toWire(next) });
    this.options.log.info({ extension, state: next.state, ...(next.state === 'paused' && { reasons: next.reasons }) }, 'presence changed');
    for (const listener of this.listeners) listener(extension, next);
  }

  private observeDevice(device: string, text: string): void {
    const extension = extensionOf(device);
    if (extension === null) return;
    const desk = this.desk(extension);
    const state = deviceStateOf(text);
    if (desk.device === state) return;
    desk.device = state;
    this.options.channel.send({ extension }, 'device.changed', { device: state });
  }

  /**
   * Whoever is not in the snapshot is no member. After a restart of Asterisk, those it forgot are brought back, and whom it remembers
   * otherwise than we do are told again: what it is told in its last second is not on its disk yet.
   */
  private resync(snapshot: PbxSnapshot, pbxRestarted: boolean): void {
    const members = new Map(
      snapshot.members.filter((member) => member.queue === this.options.queue).map((member) => [extensionOf(member.interface), member]),
    );
    for (const { device, state } of snapshot.devices) this.observeDevice(device, state);
    for (const [extension, member] of members) {
      if (extension === null) continue;
      const desk = this.desk(extension);
      if (pbxRestarted && desk.presence.state !== 'offline') this.sayAgain(extension, desk, member);
      else this.adopt(extension, desk, member);
      if (this.options.channel.connected(extension) === 0) this.left(extension);
    }
    for (const [extension, desk] of this.desks) {
      if (members.has(extension)) continue;
      this.become(extension, { kind: 'removed' });
      if (pbxRestarted && desk.wish !== null) this.bringBack(extension, desk);
    }
  }

  private adopt(extension: string, desk: Desk, { name, paused, pausedReason }: QueueMember): void {
    desk.mark = paused ? decodeMark(pausedReason) : null;
    this.become(extension, { kind: 'member', paused, pausedReason });
    desk.wish ??= { memberName: name ?? extension, reasons: reasonsOf(desk.presence) };
  }

  private sayAgain(extension: string, desk: Desk, { paused, pausedReason }: QueueMember): void {
    const { wish } = desk;
    const known = pauseText({ reasons: reasonsOf(desk.presence), mark: desk.mark });
    if (known === (paused ? (pausedReason ?? '') : '')) return;
    const say = (): void => {
      this.inTurn(desk, async () => {
        // Another wish since then has been told already.
        if (!this.closed && desk.wish === wish) await this.options.pbx.pauseQueueMember(extension, known !== '', known);
      }).catch((err: unknown) => {
        this.options.log.warn({ extension, err }, 'the queue could not be told again yet of an agent');
        this.options.clock.schedule(SAY_AGAIN_MS, say);
      });
    };
    say();
  }

  private bringBack(extension: string, desk: Desk): void {
    const { wish } = desk;
    if (this.closed || wish === null || desk.presence.state !== 'offline' || this.options.channel.connected(extension) === 0) return;
    const { memberName, reasons } = wish;
    this.inTurn(desk, async () => {
      const pauseReason = pauseText({ reasons, mark: desk.mark });
      await this.membership.join({ extension, memberName, pauseReason, member: false });
      this.become(extension, memberFact(pauseReason));
    }).catch((err: unknown) => {
      this.options.log.warn({ extension, err }, 'agent could not be signed in again yet');
      // The event feed may be back before the actions' session is.
      if (!this.closed) this.options.clock.schedule(SAY_AGAIN_MS, () => this.bringBack(extension, desk));
    });
  }

  private desk(extension: string): Desk {
    let desk = this.desks.get(extension);
    if (desk === undefined) {
      desk = {
        presence: OFFLINE,
        told: OFFLINE,
        mark: null,
        device: 'unknown',
        wish: null,
        queue: Promise.resolve(),
        cancelSignOut: () => undefined,
      };
      this.desks.set(extension, desk);
    }
    return desk;
  }
}

function pauseText({ reasons, mark }: PauseSet): string {
  return [...(mark === null ? [] : [encodeMark(mark)]), ...(reasons.length > 0 ? [encodeReasons(reasons)] : [])].join('+');
}

function memberFact(pauseReason: string): MemberFact {
  return { kind: 'member', paused: pauseReason !== '', pausedReason: pauseReason };
}

function toWire(presence: AgentPresenceState): Presence {
  switch (presence.state) {
    case 'offline':
      return { state: 'offline' };
    case 'ready':
      return { state: 'ready', since: iso(presence.sinceMs) };
    case 'paused':
      return { state: 'paused', since: iso(presence.sinceMs), reasons: [...presence.reasons] };
  }
}
