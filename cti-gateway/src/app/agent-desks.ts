import { deviceStateOf } from '../domain/agent/device-state';
import { extensionOf } from '../domain/agent/endpoint';
import type { AgentPresenceState } from '../domain/agent/presence';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { AgentDesk, toWire } from './agent-desk';

export interface AgentDesksOptions {
  readonly channel: AgentChannel;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every agent's desk, from the first word about it, and the telling of what changed there. */
export class AgentDesks {
  private readonly desks = new Map<string, AgentDesk>();
  private readonly listeners = new Set<(extension: string, state: AgentPresenceState) => void>();
  private closed = false;

  constructor(private readonly options: AgentDesksOptions) {}

  find(extension: string): AgentDesk | undefined {
    return this.desks.get(extension);
  }

  of(extension: string): AgentDesk {
    let desk = this.desks.get(extension);
    if (desk === undefined) {
      desk = new AgentDesk(extension);
      if (this.closed) desk.close();
      this.desks.set(extension, desk);
    }
    return desk;
  }

  all(): readonly AgentDesk[] {
    return [...this.desks.values()];
  }

  onChange(listener: (extension: string, state: AgentPresenceState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Shows everybody what the queue says of this agent. */
  show(desk: AgentDesk): void {
    const { channel, clock, log } = this.options;
    if (!desk.show(clock.nowMs())) return;
    const { extension, presence } = desk;
    channel.send({ extension }, 'presence.changed', { presence: toWire(presence) });
    log.info({ extension, state: presence.state, ...(presence.state === 'paused' && { reasons: presence.reasons }) }, 'presence changed');
    for (const listener of this.listeners) listener(extension, presence);
  }

  /** @param device of any telephone, e.g. `PJSIP/1001`. */
  showDevice(device: string, text: string): void {
    const extension = extensionOf(device);
    if (extension === null) return;
    const desk = this.of(extension);
    const state = deviceStateOf(text);
    if (desk.device === state) return;
    desk.device = state;
    this.options.channel.send({ extension }, 'device.changed', { device: state });
  }

  close(): void {
    this.closed = true;
    for (const desk of this.desks.values()) desk.close();
    this.listeners.clear();
  }
}
