import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Telemetry } from '../../ports/telemetry';

/** Values read at the moment somebody asks. */
export interface MetricSources {
  readonly sessions: () => number;
  readonly sipConnections: () => number;
  readonly liveCalls: () => number;
  readonly journalBacklog: () => number;
  readonly links: () => Readonly<Record<'ami' | 'ari' | 'crm', string>>;
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

/** The gateway's figures for Prometheus. No numbers, no names, no user ids as labels. */
export class GatewayMetrics implements Telemetry {
  readonly registry = new Registry();
  private readonly lag = this.histogram('hotline_event_lag_seconds', 'From Asterisk making an event to its arrival');
  private readonly lookup = this.histogram('hotline_lookup_seconds', 'Lookup of a caller at crm-core', ['result']);
  private readonly popDelay = this.histogram('hotline_pop_sent_seconds', 'From ringing to the frame being handed to the sockets');
  private readonly shownDelay = this.histogram('hotline_pop_shown_seconds', 'From ringing to the pop being painted');
  private readonly ignored = this.counter('hotline_events_ignored_total', 'Events that changed nothing', ['reason']);
  private readonly pops = this.counter('hotline_pops_total', 'Ringing calls told to an agent', ['reached']);
  private readonly calls = this.counter('hotline_calls_total', 'Finished calls', ['direction', 'outcome']);
  private readonly dials = this.counter('hotline_dials_total', 'Clicks on a number', ['result']);
  private readonly commands = this.counter('hotline_commands_total', 'Commands of the panels', ['type', 'result']);
  private readonly cuts = this.counter('hotline_sessions_closed_total', 'Sessions ended by the gateway', ['reason']);
  private readonly rows = this.counter('hotline_journal_rows_total', 'Call log rows', ['result']);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  watch(sources: MetricSources): void {
    this.gauge('hotline_sessions', 'Panels connected', sources.sessions);
    this.gauge('hotline_sip_connections', 'Browser phones connected', sources.sipConnections);
    this.gauge('hotline_calls_live', 'Calls up now', sources.liveCalls);
    this.gauge('hotline_journal_backlog', 'Finished calls that crm-core has not taken yet', sources.journalBacklog);
    new Gauge({
      name: 'hotline_link_up',
      help: '1 when the link is up',
      labelNames: ['link'],
      registers: [this.registry],
      collect() {
        for (const [link, state] of Object.entries(sources.links())) this.set({ link }, state === 'up' ? 1 : 0);
      },
    });
  }

  eventSeen(lagMs: number): void {
    this.lag.observe(lagMs / 1000);
  }
  eventIgnored(reason: string): void {
    this.ignored.inc({ reason });
  }
  lookupDone(result: 'answered' | 'failed' | 'skipped', tookMs: number): void {
    this.lookup.observe({ result }, tookMs / 1000);
  }
  popSent(delayMs: number, sessions: number): void {
    this.popDelay.observe(delayMs / 1000);
    this.pops.inc({ reached: sessions > 0 ? 'yes' : 'no_session' });
  }
  popShown(delayMs: number): void {
    this.shownDelay.observe(delayMs / 1000);
  }
  callEnded(direction: string, outcome: string): void {
    this.calls.inc({ direction, outcome });
  }
  dialed(result: string): void {
    this.dials.inc({ result });
  }
  commandDone(type: string, result: string): void {
    this.commands.inc({ type, result });
  }
  sessionClosed(reason: string): void {
    this.cuts.inc({ reason });
  }
  journal(result: 'written' | 'write_failed' | 'delivered' | 'refused' | 'delivery_failed'): void {
    this.rows.inc({ result });
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string, labelNames: string[] = []): Histogram {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] });
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
