import type { CommandData, DeviceState, Presence } from '../../protocol';
import type { AfterCallMark } from '../domain/agent/after-call';
import { extensionOf } from '../domain/agent/endpoint';
import { saysSo, type PauseSet } from '../domain/agent/pause-set';
import { OFFLINE, REMOVED, withReason, type AgentPresenceState, type MemberFact, type PauseReason } from '../domain/agent/presence';
import type { PbxEvent, PbxSnapshot } from '../domain/call/pbx-event';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { Pbx } from '../ports/pbx';
import { AbsentAgents } from './absent-agents';
import { requirePhone, type Agent, type AgentWithPhone } from './agent';
import { toWire, type AgentDesk } from './agent-desk';
import { AgentDesks } from './agent-desks';
import { PresenceRepair } from './presence-repair';
import { QueueMembership, type QueueActions } from './queue-membership';
import { QueueNews } from './queue-news';

export interface AgentPresenceOptions {
  readonly pbx: QueueActions & Pick<Pbx, 'onLink'>;
  readonly queue: string;
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
  readonly signOutAfterMs: number;
}

/**
 * Signing in and out of the queue, ready and paused (签入, 签出, 置闲, 置忙). What is shown is what Asterisk's queue says, whoever
 * changed it; it survives a restart of the gateway because Asterisk keeps it.
 */
export class AgentPresence {
  private readonly desks: AgentDesks;
  private readonly membership: QueueMembership;
  private readonly repair: PresenceRepair;
  private readonly news: QueueNews;
  private readonly absent: AbsentAgents;
  private readonly stopLink: () => void;

  constructor(private readonly options: AgentPresenceOptions) {
    this.desks = new AgentDesks(options);
    this.membership = new QueueMembership(options);
    this.repair = new PresenceRepair({ ...options, desks: this.desks, membership: this.membership });
    this.news = new QueueNews({ ...options, desks: this.desks, repair: this.repair });
    this.absent = new AbsentAgents({ ...options, takeOut: (desk) => this.takeOut(desk) });
    this.stopLink = options.pbx.onLink((link, state) => {
      if (link === 'ami' && state === 'up') this.repair.settleAll();
    });
  }

  presenceOf(extension: string): Presence {
    return toWire(this.desks.find(extension)?.presence ?? OFFLINE);
  }

  deviceOf(extension: string): DeviceState {
    return this.desks.find(extension)?.device ?? 'unknown';
  }

  /** The mark that is meant to keep the queue away. */
  markOf(extension: string): AfterCallMark | null {
    return this.desks.find(extension)?.meant?.mark ?? null;
  }

  /** Agents the queue could ring at this moment. */
  readyCount(): number {
    const there = (desk: AgentDesk): boolean => desk.device !== 'unavailable' && desk.device !== 'invalid';
    return this.desks.all().filter((desk) => desk.presence.state === 'ready' && there(desk)).length;
  }

  /** Asterisk has spoken of this telephone. */
  knows(extension: string): boolean {
    return this.desks.find(extension) !== undefined;
  }

  /** Resolves when Asterisk has done it. What could not be done is not meant: nothing of it happens later. */
  set(person: Agent, command: CommandData<'presence.set'>): Promise<void> {
    const agent = requirePhone(person);
    const desk = this.desks.of(agent.extension);
    return desk.inTurn(() => this.carryOut(agent, desk, command));
  }

  /** Another set of reasons for somebody who is signed in; of somebody who is not, nothing changes. Resolves and fails as {@link set}. */
  change(extension: string, update: (reasons: readonly PauseReason[]) => readonly PauseReason[]): Promise<void> {
    const desk = this.desks.of(extension);
    return desk.inTurn(async () => {
      if (desk.heard.kind === 'removed') return;
      const { reasons, mark } = desk.pauses;
      const pauses = { reasons: update(reasons), mark };
      if (!saysSo(desk.heard, pauses)) await this.membership.pause(desk, pauses);
      this.agreed(desk, pauses);
    });
  }

  /**
   * Another set of reasons, or another mark, is meant for somebody who is signed in, at once and until something else is; Asterisk is told
   * as soon as it can be.
   */
  mean(extension: string, update: (now: PauseSet) => Partial<PauseSet>): void {
    const desk = this.desks.of(extension);
    if (desk.meant === null) return;
    desk.meant = { ...desk.meant, ...update(desk.meant) };
    this.repair.settle(desk);
  }

  /** Out of the queue, by somebody else's will, as soon as Asterisk can be told. */
  leave(extension: string): void {
    const desk = this.desks.of(extension);
    desk.meant = null;
    this.repair.settle(desk);
  }

  /** Calls back after every change of an agent's own state. */
  onChange(listener: (extension: string, state: AgentPresenceState) => void): () => void {
    return this.desks.onChange(listener);
  }

  /** Calls back when somebody else, at a console, has made an agent ready. */
  onMadeReady(listener: (extension: string) => void): () => void {
    return this.news.onMadeReady(listener);
  }

  /** The agent's first window is there. */
  arrived(extension: string): void {
    const desk = this.desks.of(extension);
    this.absent.arrived(desk);
    this.repair.settle(desk);
  }

  /** The agent's last window has gone. */
  left(extension: string): void {
    this.absent.left(this.desks.of(extension));
  }

  apply(event: PbxEvent): void {
    switch (event.type) {
      case 'queue.memberStatus':
        return this.hear(event, { kind: 'member', paused: event.paused, pausedReason: event.pausedReason });
      case 'queue.memberRemoved':
        return this.hear(event, REMOVED);
      case 'device.state':
        return this.desks.showDevice(event.device, event.state);
      case 'resynced':
        return this.resync(event.snapshot, event.pbxRestarted);
      default:
        return;
    }
  }

  close(): void {
    this.stopLink();
    this.desks.close();
  }

  private async carryOut(agent: AgentWithPhone, desk: AgentDesk, command: CommandData<'presence.set'>): Promise<void> {
    if (command.state === 'offline') return this.takeOut(desk);
    const { reasons, mark } = desk.pauses;
    const pauses = { reasons: command.state === 'paused' ? withReason(reasons, command.reason) : [], mark };
    const before = desk.heard;
    desk.memberName = agent.displayName;
    try {
      await this.membership.join(desk, pauses);
    } catch (error) {
      // Added, and then out of reach: what the queue has is what counts.
      if (desk.heard !== before) this.news.adopt(desk, desk.heard);
      throw error;
    }
    this.agreed(desk, pauses);
  }

  /** Unless somebody at a console was faster. The mark may have changed since, and is told next. */
  private agreed(desk: AgentDesk, pauses: PauseSet): void {
    if (saysSo(desk.heard, pauses)) desk.meant = { mark: desk.meant?.mark ?? null, reasons: pauses.reasons };
    this.desks.show(desk);
  }

  private async takeOut(desk: AgentDesk): Promise<void> {
    await this.membership.leave(desk);
    if (desk.heard.kind === 'removed') desk.meant = null;
    this.desks.show(desk);
  }

  private hear({ queue, interface: member }: { queue: string; interface: string }, fact: MemberFact): void {
    const extension = extensionOf(member);
    if (queue === this.options.queue && extension !== null) this.news.hear(this.desks.of(extension), fact);
  }

  private resync(snapshot: PbxSnapshot, pbxRestarted: boolean): void {
    for (const { device, state } of snapshot.devices) this.desks.showDevice(device, state);
    this.news.resync(
      snapshot.members.filter((member) => member.queue === this.options.queue),
      pbxRestarted,
    );
    for (const desk of this.desks.all()) {
      if (desk.heard.kind === 'member' && this.options.channel.connected(desk.extension) === 0) this.absent.left(desk);
    }
  }
}
