import type { PanelClock } from '../transport/clock';
import type { PhoneResult } from './phone-types';

/** A result that is told later, or `timeout` after the deadline. The first one counts. */
export function settledWithin(
  clock: PanelClock,
  deadlineMs: number,
  begin: (settle: (result: PhoneResult) => void) => void,
): Promise<PhoneResult> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(deadlineMs, () => resolve({ ok: false, reason: 'timeout' }));
    begin((result) => {
      cancel();
      resolve(result);
    });
  });
}
