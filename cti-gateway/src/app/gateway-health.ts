import type { Health } from '../../protocol';
import type { PbxEvent } from '../domain/call/pbx-event';
import type { AgentChannel } from '../ports/agent-channel';
import type { Clock } from '../ports/clock';
import type { Pbx } from '../ports/pbx';
import { iso } from './call-view';
import type { CrmLink } from './crm-link';

/** A call that ends is in the journal for some milliseconds; only what stays there is worth a notice. */
const SAMPLE_EVERY_MS = 2_000;

export interface GatewayHealthOptions {
  readonly pbx: Pick<Pbx, 'linkState' | 'onLink'>;
  readonly crm: CrmLink;
  readonly backlog: () => number;
  readonly channel: AgentChannel;
  readonly clock: Clock;
}

/** Everything between the agent and the caller, told to every panel when it changes. */
export class GatewayHealth {
  private lastGap: Health['lastGap'] = null;
  private told = '';
  private backlog = 0;
  private cancel: () => void = () => undefined;
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: GatewayHealthOptions) {
    this.stops = [options.pbx.onLink(() => this.tell()), options.crm.onState(() => this.tell())];
    this.sample();
  }

  current(): Health {
    const { pbx, crm } = this.options;
    return { ami: pbx.linkState('ami'), ari: pbx.linkState('ari'), crm: crm.state, journalBacklog: this.backlog, lastGap: this.lastGap };
  }

  apply(event: PbxEvent): void {
    if (event.type !== 'resynced' || event.gapFromMs === null) return;
    this.lastGap = { from: iso(event.gapFromMs), to: iso(event.atMs) };
    this.tell();
  }

  close(): void {
    this.cancel();
    for (const stop of this.stops) stop();
  }

  private sample(): void {
    this.backlog = this.options.backlog();
    this.tell();
    this.cancel = this.options.clock.schedule(SAMPLE_EVERY_MS, () => this.sample());
  }

  private tell(): void {
    const health = this.current();
    const text = JSON.stringify(health);
    if (this.told === text) return;
    this.told = text;
    this.options.channel.send('everyone', 'health.changed', { health });
  }
}
