import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Figures for `/metrics`, in a registry of their own so that several applications can live in one process (tests). */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Histogram({
    name: 'hotline_crm_request_duration_seconds',
    help: 'Time from the request to the end of the answer, by route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers: [this.registry],
  });

  readonly matches = new Counter({
    name: 'hotline_crm_matches_total',
    help: 'Numbers looked up, by outcome.',
    labelNames: ['kind'],
    registers: [this.registry],
  });

  readonly lookupSeconds = new Histogram({
    name: 'hotline_crm_match_duration_seconds',
    help: 'Time of a lookup, number to owners.',
    buckets: [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
    registers: [this.registry],
  });

  readonly callsTakenIn = new Counter({
    name: 'hotline_crm_calls_taken_in_total',
    help: 'Finished calls handed over by the gateway: new ones and ones that were there already.',
    labelNames: ['result'],
    registers: [this.registry],
  });

  readonly signIns = new Counter({
    name: 'hotline_crm_sign_ins_total',
    help: 'Attempts to sign in, by result.',
    labelNames: ['result'],
    registers: [this.registry],
  });

  /** Process figures (memory, event loop lag); once per process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'hotline_crm_' });
  }
}
