import type { CommandData, DeviceState, Presence } from '../../protocol';
import { deviceStateOf } from '../domain/agent/device-state';
import { extensionOf } from '../domain/agent/endpoint';
import {
  encodeReasons,
  observeMember,
  OFFLINE,
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
  device: DeviceState;
  /** What the agent last asked for in this run; null until then. Only to bring it back when Asterisk has forgotten. */
  wish: { readonly memberName: string; readonly reasons: readonly PauseReason[] } | null;
  /** Commands of one agent from several windows run one after the other. */
  queue: Promise<unknown>;
  cancelSignOut: () => void;
}

export interface AgentPresenceOptions {
  readonly pbx: QueueActions;
  readonly queue: string;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
  readonly signOutAfterMs: number;
}

/**
 * Signing in and out of the queue, ready and paused (签入, 签出, 置闲, 置忙). What is shown is what Asterisk's queue says, whoever
 * changed it; it survives a restart of the gateway because Asterisk keeps it. An agent without any window for
 * `signOutAfterMs` is taken out of the queue, so that no caller waits for an empty chair.
 */
export class AgentPresence {
  private readonly desks = new Map<string, Desk>();
  private readonly membership: QueueMembership;
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
    const run = desk.queue.then(() => this.carryOut(agent, desk, command));
    desk.queue = run.catch(() => undefined);
    return run;
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
  }

  private async carryOut(agent: AgentWithPhone, desk: Desk, command: CommandData<'presence.set'>): Promise<void> {
    const { extension } = agent;
    if (command.state === 'offline') {
      await this.membership.leave(extension);
      desk.wish = null;
      return this.become(extension, { kind: 'removed' });
    }
    const reasons = command.state === 'paused' ? withReason(desk.presence, command.reason) : [];
    await this.membership.join({ extension, memberName: agent.displayName, reasons, member: desk.presence.state !== 'offline' });
    desk.wish = { memberName: agent.displayName, reasons };
    this.become(extension, { kind: 'member', paused: reasons.length > 0, pausedReason: encodeReasons(reasons) });
  }

  private async signOutAbsent(extension: string): Promise<void> {
    const { channel, log } = this.options;
    const desk = this.desk(extension);
    if (this.closed || channel.connected(extension) > 0 || desk.presence.state === 'offline') return;
    try {
      await this.membership.leave(extension);
      desk.wish = null;
      this.become(extension, { kind: 'removed' });
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
    const next = observeMember(desk.presence, fact, this.options.clock.nowMs());
    if (next === desk.presence) return;
    desk.presence = next;
    this.options.channel.send({ extension }, 'presence.changed', { presence: toWire(next) });
    this.options.log.info({ extension, state: next.state, ...(next.state === 'paused' && { reasons: next.reasons }) }, 'presence changed');
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

  /** Whoever is not in the snapshot is no member. After a restart of Asterisk, those it forgot are brought back. */
  private resync(snapshot: PbxSnapshot, pbxRestarted: boolean): void {
    const members = new Map(
      snapshot.members.filter((member) => member.queue === this.options.queue).map((member) => [extensionOf(member.interface), member]),
    );
    for (const { device, state } of snapshot.devices) this.observeDevice(device, state);
    for (const [extension, member] of members) {
      if (extension === null) continue;
      this.become(extension, { kind: 'member', paused: member.paused, pausedReason: member.pausedReason });
      if (this.options.channel.connected(extension) === 0) this.left(extension);
    }
    for (const [extension, desk] of this.desks) {
      if (members.has(extension)) continue;
      this.become(extension, { kind: 'removed' });
      if (pbxRestarted && desk.wish !== null) this.bringBack(extension, desk);
    }
  }

  private bringBack(extension: string, desk: Desk): void {
    const { wish } = desk;
    if (wish === null || this.options.channel.connected(extension) === 0) return;
    const { memberName, reasons } = wish;
    desk.queue = desk.queue
      .then(() => this.membership.join({ extension, memberName, reasons, member: false }))
      .then(() => this.become(extension, { kind: 'member', paused: reasons.length > 0, pausedReason: encodeReasons(reasons) }))
      .catch((err: unknown) => this.options.log.warn({ extension, err }, 'agent could not be signed in again'));
  }

  private desk(extension: string): Desk {
    let desk = this.desks.get(extension);
    if (desk === undefined) {
      desk = { presence: OFFLINE, device: 'unknown', wish: null, queue: Promise.resolve(), cancelSignOut: () => undefined };
      this.desks.set(extension, desk);
    }
    return desk;
  }
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
