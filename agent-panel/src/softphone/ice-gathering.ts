import type { PanelClock } from '../transport/clock';
import type { SipSession } from './sip-ua';

/** How long to wait for more ICE candidates once one is there that should do. */
const AFTER_GOOD_MS = 80;
/** How long at most after the first one of any kind. */
const AFTER_FIRST_MS = 1_200;

/**
 * Ends the gathering of ICE candidates early. JsSIP sends its SDP only when the browser has gathered everything, which
 * takes up to 10 s with a network interface that leads nowhere. A host candidate does where no servers are configured;
 * with STUN or TURN, one of theirs does.
 */
export function hurryGathering(session: SipSession, iceServers: readonly unknown[], clock: PanelClock): void {
  let cancelFirst: (() => void) | null = null;
  let done = false;
  session.on('icecandidate', ({ candidate, ready }) => {
    const finish = (): void => {
      if (done) return;
      done = true;
      cancelFirst?.();
      ready();
    };
    if (done) return;
    cancelFirst ??= clock.schedule(AFTER_FIRST_MS, finish);
    const good = iceServers.length === 0 || / typ (srflx|relay)/.test(candidate.candidate);
    if (good) clock.schedule(AFTER_GOOD_MS, finish);
  });
}
