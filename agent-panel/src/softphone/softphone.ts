import type { Softphone } from './phone-types';

export interface SoftphoneOptions {
  /** Where the dialog of the living call is kept for a reload; `localStorage` by default, null to keep nothing. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** Shown on no page; only in the telephone system's log. */
  readonly userAgent?: string;
}

/** The browser as the agent's telephone: SIP over WebSocket (RFC 7118) and WebRTC audio, by JsSIP. */
export function createSoftphone(_options: SoftphoneOptions = {}): Softphone {
  throw new Error('The softphone is not built yet');
}
