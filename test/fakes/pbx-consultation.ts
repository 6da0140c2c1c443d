import type { ChannelRef } from '../../cti-gateway/src/domain/call/pbx-event';
import type { ConsultStep } from '../../cti-gateway/src/ports/pbx';

let serial = 0;

/** What it needs of the fake telephone system. */
export interface Switchboard {
  refOf(channelId: string): ChannelRef;
  bridgeOf(channelId: string): string | null;
  move(channelId: string, bridgeId: string): void;
  leave(channelId: string): void;
  dialled(from: ChannelRef, extension: string): string;
  pickedUp(channelId: string, from: ChannelRef): void;
  end(channelId: string, cause?: number): void;
  emit(event: { type: 'bridge.entered'; channel: ChannelRef; bridgeId: string; bridgeTechnology: string | null }): void;
}

/** Asterisk's attended transfer as its events tell it: one of its own Local channels calls the target, the agent goes between two bridges. */
export class FakeConsultation {
  readonly targetId: string;
  private readonly home: string;
  private readonly away = `consult-${++serial}`;
  private readonly half: ChannelRef;
  private answered = false;

  constructor(
    private readonly pbx: Switchboard,
    private readonly agentId: string,
    extension: string,
  ) {
    this.home = pbx.bridgeOf(agentId) ?? 'no bridge';
    const agent = pbx.refOf(agentId);
    const pair = `Local/${extension}@consult-agent-${serial.toString(16).padStart(8, '0')}`;
    this.half = { ...agent, channelId: `local-${serial}`, channelName: `${pair};1` };
    pbx.emit({ type: 'bridge.entered', channel: this.half, bridgeId: this.away, bridgeTechnology: 'simple_bridge' });
    pbx.move(agentId, this.away);
    this.targetId = pbx.dialled({ ...this.half, channelName: `${pair};2` }, extension);
  }

  answer(): void {
    this.answered = true;
    this.pbx.pickedUp(this.targetId, this.half);
    const far = { ...this.half, channelId: `${this.half.channelId}-2`, channelName: this.half.channelName.replace(/1$/, '2') };
    this.pbx.emit({ type: 'bridge.entered', channel: far, bridgeId: `${this.away}-far`, bridgeTechnology: 'simple_bridge' });
    this.pbx.move(this.targetId, `${this.away}-far`);
  }

  /** The target's telephone stops ringing, or hangs up; the agent is back by itself. */
  targetGone(cause = 16): void {
    this.pbx.leave(this.targetId);
    this.pbx.move(this.agentId, this.home);
    this.pbx.end(this.targetId, cause);
  }

  do(step: ConsultStep): void {
    switch (step) {
      case 'swap':
        return this.pbx.move(this.agentId, this.pbx.bridgeOf(this.agentId) === this.home ? this.away : this.home);
      case 'conference':
        if (this.answered) this.pbx.move(this.targetId, this.home);
        return this.pbx.move(this.agentId, this.home);
      case 'cancel':
        return this.targetGone();
      case 'complete':
        this.pbx.leave(this.agentId);
        this.pbx.move(this.targetId, this.home);
        return this.pbx.end(this.agentId, 16);
    }
  }
}
