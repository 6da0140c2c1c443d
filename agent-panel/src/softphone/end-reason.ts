import type { PhoneEndReason } from './phone-types';
import type { SipEndEvent } from './sip-ua';

/** JsSIP's causes (its Constants.js), in the words of the panel. The call's own outcome comes from the gateway. */
const byCause: Readonly<Record<string, PhoneEndReason>> = {
  Canceled: 'cancelled',
  Rejected: 'rejected',
  Busy: 'rejected',
  'No Answer': 'no_answer',
  Expires: 'no_answer',
  'User Denied Media Access': 'microphone',
  'RTP Timeout': 'media_lost',
};

export function endReasonOf(event: SipEndEvent): PhoneEndReason {
  if (event.cause === 'Terminated') return event.originator === 'local' ? 'local' : 'remote';
  if (event.cause === 'Canceled' && answeredElsewhere(event)) return 'answered_elsewhere';
  return byCause[event.cause] ?? 'failed';
}

/** The CANCEL to the telephones that were not first: RFC 3326, `Q.850;cause=26` or `SIP;cause=200`. */
function answeredElsewhere(event: SipEndEvent): boolean {
  const reason = event.message?.getHeader('Reason') ?? '';
  return /Q\.850\s*;.*cause=26\b|SIP\s*;.*cause=200\b/i.test(reason);
}
