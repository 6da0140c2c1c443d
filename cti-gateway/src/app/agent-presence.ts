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
import { PbxError, type Pbx, type PbxFailure } from '../ports/pbx';
import { requirePhone, type Agent, type AgentWithPhone } from './agent';
import { iso } from './call-view';

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
  readonly pbx: Pick<Pbx, 'addQueueMember' | 'removeQueueMember' | 'pauseQueueMember'>;
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
  private closed = false;

  constructor(private readonly options: AgentPresenceOptions) {}

  presenceOf(extension: string): Presence {
    return toWire(this.desks.get(extension)?.presence ?? OFFLINE);
  }

  deviceOf(extension: string): DeviceState {
    return this.desks.get(extension)?.device ?? 'unknown';
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
    const { pbx, queue } = this.options;
    const { extension } = agent;
    if (command.state === 'offline') {
      await unless('not_found', pbx.removeQueueMember(queue, extension));
      desk.wish = null;
      return this.become(extension, { kind: 'removed' });
    }
    const reasons = command.state === 'paused' ? withReason(desk.presence, command.reason) : [];
    await this.join({ extension, memberName: agent.displayName, reasons, member: desk.presence.state !== 'offline' });
    desk.wish = { memberName: agent.displayName, reasons };
    this.become(extension, { kind: 'member', paused: reasons.length > 0, pausedReason: encodeReasons(reasons) });
  }

  private async join(wanted: { extension: string; memberName: string; reasons: readonly PauseReason[]; member: boolean }): Promise<void> {
    const { pbx, queue } = this.options;
    const { extension, memberName, reasons } = wanted;
    const paused = reasons.length > 0;
    const pause = (): Promise<void> => pbx.pauseQueueMember(extension, paused, paused ? encodeReasons(reasons) : '');
    // Taken for a member who is none any more (somebody else was faster): then as one who is not.
    if (wanted.member && (await unless('not_found', pause()))) return;
    const isNew = await unless('duplicate', pbx.addQueueMember(queue, extension, memberName, paused));
    // A member newly added unpaused is ready; everything else has to be said.
    if (paused || !isNew) await pause();
  }

  private async signOutAbsent(extension: string): Promise<void> {
    const { pbx, queue, channel, log } = this.options;
    const desk = this.desk(extension);
    if (this.closed || channel.connected(extension) > 0 || desk.presence.state === 'offline') return;
    try {
      await unless('not_found', pbx.removeQueueMember(queue, extension));
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
      .then(() => this.join({ extension, memberName, reasons, member: false }))
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

/** @returns false when Asterisk said that it is so already. */
async function unless(harmless: PbxFailure, action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (error instanceof PbxError && error.reason === harmless) return false;
    throw error;
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
