import type { Logger } from 'pino';
import type { PbxEvent } from '../../domain/call/pbx-event';
import type { Clock } from '../../ports/clock';
import {
  PbxError,
  type ConsultStep,
  type LinkName,
  type LinkState,
  type OriginateRequest,
  type Pbx,
  type PbxTarget,
} from '../../ports/pbx';
import { GapFiller, type GapFillerOptions } from './cel/gap-filler';
import { AmiActions } from './actions/ami-actions';
import { AmiFeed } from './feed/ami-feed';
import type { AmiAccount } from './link/ami-account';
import { KeyPace } from './key-pace';
import { CONTEXT_OF_KEYS, destinationOf, KEY_TO_CONSULT, KEYS_OF_CONSULT } from './transfer-destination';
import { memberNameOf } from './link/ami-values';
import { check, EXTENSION } from './link/checked-values';
import { Ari } from './ari/ari';
import type { AriAccount } from './ari/ari-probe';
import type { LinkBackoff } from './link/link-loop';

export interface AsteriskPbxOptions {
  readonly ami: AmiAccount;
  /** Account of the event feed, where it has one of its own with lesser rights. Default: `ami`. */
  readonly amiFeed?: AmiAccount;
  readonly ari: AriAccount;
  readonly clock: Clock;
  readonly log: Logger;
  /** The channel event log, and from where to read it; null: a gap stays one. */
  readonly history?: { readonly cel: GapFillerOptions['history']; readonly checkpoints: GapFillerOptions['checkpoints'] } | null;
  /** Times of all three sessions; the defaults are theirs. */
  readonly backoff?: LinkBackoff;
  readonly timeoutMs?: number;
  readonly heartbeatMs?: number;
}

const DIGITS = /^[0-9A-D*#]{1,40}$/;
const CHANNEL_NAME = /^[A-Za-z0-9_.:;@/#*+-]{1,150}$/;
/** What `dialplans/extensions.d/caller-marks.conf` reads. */
const DIAL_FORM = /^\+?\d{2,30}$/;
const MARK_ENTRY = /^((blocked|vip):\d{1,12}:[a-z0-9]{1,20})?$/;
const RUN = /^[a-z0-9]{1,20}$/;

/** Asterisk as the {@link Pbx} of the use cases: events by one AMI session, queue and media actions by another, calls by ARI. */
export class AsteriskPbx implements Pbx {
  readonly feed: AmiFeed;
  readonly ari: Ari;
  private readonly actions: AmiActions;
  private readonly gaps: GapFiller | null;
  private readonly pace: KeyPace;
  private readonly eventListeners = new Set<(event: PbxEvent) => void>();
  private readonly linkListeners = new Set<(link: LinkName, state: LinkState) => void>();
  private readonly told: Record<LinkName, LinkState> = { ami: 'down', ari: 'down' };

  constructor(options: AsteriskPbxOptions) {
    const { clock, log } = options;
    this.pace = new KeyPace(clock);
    const times = pickTimes(options);
    const onState = (): void => this.tell();
    const { history = null } = options;
    const emit = (event: PbxEvent): void => this.emit(event);
    this.gaps = history === null ? null : new GapFiller({ history: history.cel, checkpoints: history.checkpoints, emit, log });
    this.feed = new AmiFeed({
      account: options.amiFeed ?? options.ami,
      clock,
      log,
      onState,
      onEvent: (event) => (this.gaps === null ? this.emit(event) : this.gaps.take(event)),
      ...times,
    });
    this.actions = new AmiActions({ account: options.ami, clock, log, onState, ...times });
    this.ari = new Ari({ account: options.ari, clock, log, onState, ...times });
  }

  onEvent(listener: (event: PbxEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  onLink(listener: (link: LinkName, state: LinkState) => void): () => void {
    this.linkListeners.add(listener);
    return () => this.linkListeners.delete(listener);
  }

  linkState(link: LinkName): LinkState {
    return link === 'ari' ? this.ari.state : worseOf(this.feed.state, this.actions.state);
  }

  originate(request: OriginateRequest): Promise<void> {
    return this.ari.originate(request);
  }

  takeBack(channelId: string): Promise<void> {
    return this.ari.takeBack(channelId);
  }

  hangup(channelId: string): Promise<void> {
    return this.ari.hangup(channelId);
  }

  async mute(channelName: string, muted: boolean): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    // The function, because the action MuteAudio wants the right `system`, which the gateway does not have.
    await this.setVariable(channelName, 'MUTEAUDIO(in)', muted ? 'on' : 'off');
  }

  async park(channelName: string, parkedBy: string): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    await this.actions.perform('Park', { Channel: channelName, TimeoutChannel: interfaceOf(parkedBy), Parkinglot: 'default' });
  }

  async sendDigits(channelName: string, digits: string): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    check('digits', digits, DIGITS);
    for (const digit of digits) {
      // As if that telephone had sent it, so that it goes on to the other side of the bridge.
      await this.actions.perform('PlayDTMF', { Channel: channelName, Digit: digit, Receive: 'true' });
    }
  }

  async transfer(channelName: string, target: PbxTarget): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    const { exten, transferContext } = destinationOf(target);
    await this.actions.perform('BlindTransfer', { Channel: channelName, Exten: exten, Context: transferContext });
  }

  /** Not by the action Atxfer, which types the extension as keys as well: one that is lost leads elsewhere. */
  async consult(channelName: string, target: PbxTarget): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    const { exten, consultContext } = destinationOf(target);
    if (consultContext === null) throw new PbxError('invalid_value', 'a queue cannot be asked');
    await this.setVariable(channelName, 'TRANSFER_CONTEXT', consultContext);
    await this.setVariable(channelName, 'TRANSFER_EXTEN', exten);
    await this.pace.type(channelName, () => this.sendDigits(channelName, KEY_TO_CONSULT));
  }

  async consultSettled(channelName: string): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    await this.setVariable(channelName, 'TRANSFER_EXTEN', '');
    await this.setVariable(channelName, 'TRANSFER_CONTEXT', CONTEXT_OF_KEYS);
  }

  async consultStep(channelName: string, step: ConsultStep): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    await this.pace.type(channelName, () => this.sendDigits(channelName, KEYS_OF_CONSULT[step]));
  }

  async pauseRecording(channelName: string, paused: boolean): Promise<void> {
    check('channel', channelName, CHANNEL_NAME);
    await this.actions.perform('MixMonitorMute', { Channel: channelName, Direction: 'both', State: paused ? '1' : '0' });
  }

  async addQueueMember(queue: string, extension: string, memberName: string, paused = false): Promise<void> {
    const member = { Queue: queue, Interface: interfaceOf(extension), MemberName: memberNameOf(memberName), Paused: String(paused) };
    await this.actions.perform('QueueAdd', member);
  }

  async removeQueueMember(queue: string, extension: string): Promise<void> {
    await this.actions.perform('QueueRemove', { Queue: queue, Interface: interfaceOf(extension) });
  }

  async pauseQueueMember(extension: string, paused: boolean, reason: string): Promise<void> {
    await this.actions.perform('QueuePause', { Interface: interfaceOf(extension), Paused: String(paused), Reason: reason });
  }

  /** A global variable: Asterisk refuses its database to the manager interface (`live_dangerously = no`), and DBPut wants `system`. */
  async putCallerMark(dialForm: string, entry: string | null): Promise<void> {
    check('caller ID', dialForm, DIAL_FORM);
    check('mark', entry ?? '', MARK_ENTRY);
    await this.actions.perform('Setvar', { Variable: `CALLER_MARK_${dialForm}`, Value: entry ?? '' });
  }

  async believeCallerMarks(run: string, untilSec: number): Promise<void> {
    check('run', run, RUN);
    await this.actions.perform('Setvar', { Variable: 'CALLER_LIST', Value: `${run}:${Math.floor(untilSec)}` });
  }

  /** Begins to connect; does not wait for it, because the gateway has to run without Asterisk as well. */
  async start(): Promise<void> {
    this.ari.start();
    this.feed.start();
    this.actions.start();
  }

  async close(): Promise<void> {
    this.gaps?.close();
    await Promise.all([this.feed.close(), this.actions.close(), this.ari.close()]);
    this.eventListeners.clear();
    this.linkListeners.clear();
  }

  private async setVariable(channelName: string, name: string, value: string): Promise<void> {
    await this.actions.perform('Setvar', { Channel: channelName, Variable: name, Value: value });
  }

  private emit(event: PbxEvent): void {
    for (const listener of this.eventListeners) listener(event);
  }

  private tell(): void {
    for (const link of ['ami', 'ari'] as const) {
      const state = this.linkState(link);
      if (this.told[link] === state) continue;
      this.told[link] = state;
      for (const listener of this.linkListeners) listener(link, state);
    }
  }
}

/** The two AMI sessions are one link to the rest of the gateway: up when both are. */
function worseOf(one: LinkState, other: LinkState): LinkState {
  if (one === other) return one;
  return one === 'connecting' || other === 'connecting' ? 'connecting' : 'down';
}

function pickTimes(options: AsteriskPbxOptions): { backoff?: LinkBackoff; timeoutMs?: number; heartbeatMs?: number } {
  const { backoff, timeoutMs, heartbeatMs } = options;
  return {
    ...(backoff === undefined ? {} : { backoff }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  };
}

function interfaceOf(extension: string): string {
  check('extension', extension, EXTENSION);
  return `PJSIP/${extension}`;
}
