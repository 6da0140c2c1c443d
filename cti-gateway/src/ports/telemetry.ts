/** What the gateway counts and times, in the words of the product; an adapter turns it into metrics. Never throws. */
export interface Telemetry {
  /** Asterisk's time of an event to its arrival here. */
  eventSeen(lagMs: number): void;
  eventIgnored(reason: string): void;
  lookupDone(result: 'answered' | 'failed' | 'skipped', tookMs: number): void;
  /** The telephone began to ring to the frame being handed to the sockets. */
  popSent(delayMs: number, sessions: number): void;
  popShown(delayMs: number): void;
  callEnded(direction: string, outcome: string): void;
  dialed(result: string): void;
  commandDone(type: string, result: string): void;
  sessionClosed(reason: string): void;
  journal(result: 'written' | 'write_failed' | 'delivered' | 'refused' | 'delivery_failed'): void;
}

export const silentTelemetry: Telemetry = {
  eventSeen() {},
  eventIgnored() {},
  lookupDone() {},
  popSent() {},
  popShown() {},
  callEnded() {},
  dialed() {},
  commandDone() {},
  sessionClosed() {},
  journal() {},
};
