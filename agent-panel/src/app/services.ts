import type { Softphone, SoftphoneStatus } from '../softphone';
import type { CtiClient, CtiClientOptions, Leadership, LeadershipOptions, PanelClock } from '../transport';
import type { Handover } from '../features/cti/handover';
import type { Api } from './api-client';

/** What stores reach the world through; set once at the start, replaced in tests. */
export interface Services {
  readonly api: Api;
  readonly clock: PanelClock;
  /** What must outlive a reload: half-written notes. */
  readonly storage: Storage;
  createClient(options: CtiClientOptions): CtiClient;
  /** Loads the telephone's code on first use: signing in does not wait for it. */
  createPhone(): Promise<Softphone>;
  /** Null where windows cannot talk to each other. */
  createHandover(userId: string, owns: () => boolean): Handover | null;
  createLeadership(options: LeadershipOptions<SoftphoneStatus>): Leadership<SoftphoneStatus>;
}

let current: Services | null = null;

export function setServices(services: Services): void {
  current = services;
}

export function useServices(): Services {
  if (current === null) throw new Error('The panel has not been started');
  return current;
}
