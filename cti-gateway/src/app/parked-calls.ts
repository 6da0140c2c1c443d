import type { ParkedCall } from '../../protocol';
import type { Call, CallEffect } from '../domain/call/call';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { PbxError, type Pbx } from '../ports/pbx';
import { requireTransfer, type Agent } from './agent';
import type { CallerMatching } from './caller-matching';
import { iso } from './call-view';
import { CommandError } from './command-error';

/** So long nobody else can take the same call up: the telephone of who was first is being connected. */
const TAKING_MS = 10_000;

export interface ParkedCallsOptions {
  readonly pbx: Pick<Pbx, 'originate' | 'takeBack'>;
  readonly channel: AgentChannel;
  readonly matching: Pick<CallerMatching, 'viewOf' | 'onMatched'>;
  readonly inCall: (extension: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly ringTimeoutSec: number;
}

interface Taking {
  readonly dialId: string;
  readonly untilMs: number;
  /** Not answered in time, and not certain yet not to be done. */
  takingBack: boolean;
}

/** Customers who wait in a parking place: every agent sees them, and whoever is free may take one up. */
export class ParkedCalls {
  private readonly calls = new Map<string, Call>();
  private readonly taking = new Map<string, Taking>();
  private readonly stopMatched: () => void;
  private told = '[]';

  constructor(private readonly options: ParkedCallsOptions) {
    this.stopMatched = options.matching.onMatched((callId) => {
      if (this.calls.has(callId)) this.tell();
    });
  }

  /** The one who waits longest first. */
  current(): ParkedCall[] {
    return [...this.calls.values()].map((call) => this.viewOf(call)).sort((a, b) => a.since.localeCompare(b.since));
  }

  apply(effect: CallEffect): void {
    if (effect.type === 'event.ignored') return;
    const { call } = effect;
    if (effect.type === 'call.merged') this.calls.delete(effect.absorbed.callId);
    if (call.phase !== 'ended' && call.parkings.at(-1)?.untilMs === null) this.calls.set(call.callId, call);
    else this.calls.delete(call.callId);
    this.tell();
  }

  /** Resolves when the agent's telephone is being rung into the parking place. The same `dialId` again is the same wish. */
  async takeUp(person: Agent, { callId, dialId }: { callId: string; dialId: string }): Promise<void> {
    const { pbx, inCall, clock, log, ringTimeoutSec } = this.options;
    const { extension } = requireTransfer(person);
    const nowMs = clock.nowMs();
    const taking = this.taking.get(callId);
    if (taking?.takingBack === true) throw new CommandError('pbx.timeout', 'The telephone system does not answer', { retryable: true });
    if (taking?.dialId === dialId) return;
    const call = this.calls.get(callId);
    const place = call?.parkings.at(-1)?.place;
    if (place === undefined || (taking !== undefined && taking.untilMs > nowMs))
      throw new CommandError('parking.gone', 'Nobody waits there');
    if (inCall(extension)) throw new CommandError('dial.already_in_call', 'In a call', { retryable: true });
    const wish: Taking = { dialId, untilMs: nowMs + TAKING_MS, takingBack: false };
    this.taking.set(callId, wish);
    const request = {
      channelId: `dial-${dialId}`,
      extension,
      number: place,
      dialId,
      displayNumber: shownNumber(call) ?? place,
      ringTimeoutSec,
    };
    try {
      await pbx.originate({ ...request, context: 'parking-taken-up' });
    } catch (error) {
      const reason = error instanceof PbxError ? error.reason : null;
      // The channel with this id is there: a gateway before us has asked for it, or nobody said so in time.
      if (reason === 'duplicate' || (reason === 'timeout' && inCall(extension))) return;
      if (reason === 'timeout') void this.takeBack(callId, wish, request.channelId);
      else this.taking.delete(callId);
      throw error;
    }
    log.info({ callId, extension, place }, 'parked call taken up');
  }

  /** The customer would be put through to a telephone that nobody waits at any more. */
  private async takeBack(callId: string, wish: Taking, channelId: string): Promise<void> {
    wish.takingBack = true;
    try {
      await this.options.pbx.takeBack(channelId);
    } catch (err) {
      this.options.log.warn({ callId, err }, 'taking up a parked call was not taken back');
    } finally {
      if (this.taking.get(callId) === wish) this.taking.delete(callId);
    }
  }

  close(): void {
    this.stopMatched();
    this.calls.clear();
    this.taking.clear();
  }

  private tell(): void {
    const parked = this.current();
    const told = JSON.stringify(parked);
    if (told === this.told) return;
    this.told = told;
    for (const callId of this.taking.keys()) if (!this.calls.has(callId)) this.taking.delete(callId);
    this.options.channel.send('everyone', 'parked.changed', { parked });
  }

  private viewOf(call: Call): ParkedCall {
    const parking = call.parkings.at(-1);
    const match = this.options.matching.viewOf(call);
    const owner = match.kind === 'known' ? match.owners[0] : undefined;
    return {
      callId: call.callId,
      place: parking?.place ?? '',
      since: iso(parking?.atMs ?? call.enteredAtMs),
      byExtension: parking?.byExtension ?? null,
      remoteNumber: match.kind === 'withheld' ? null : call.remoteNumber,
      name: owner === undefined ? null : (owner.contactName ?? owner.customerName),
    };
  }
}

/** What the agent's telephone shows: a customer's number, where what they called with is one (`sip-alice` is not). */
function shownNumber(call: Call | undefined): string | null {
  return /^\+?\d{1,40}$/.exec(call?.remoteNumber ?? '')?.[0] ?? null;
}
