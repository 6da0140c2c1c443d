import { createSoftphone, leaderPhone, type SoftphoneEvent } from '../..';
import { createLeadership } from '../../../transport';
import type { PhoneAccount } from '../../../../../cti-gateway/protocol';

/** A page that is nothing but the agent's telephone, for `test/integration`. Whichever window leads registers it, as in the panel. */
const phone = createSoftphone();
const events: SoftphoneEvent[] = [];
phone.onEvent((event) => events.push(event));

function begin(account: PhoneAccount, origin: string): void {
  const leadership = createLeadership({ userId: account.extension, phone: leaderPhone(phone) });
  phone.onStatus((status) => leadership.publish(status));
  const apply = (): void => (leadership.role === 'leader' ? phone.start(account, origin) : void phone.stop());
  leadership.onRole(apply);
  apply();
  Object.assign(globalThis, { leadership });
}

Object.assign(globalThis, { phone, events, begin });
