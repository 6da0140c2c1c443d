import type { Softphone, SoftphoneStatus } from './phone-types';

/** The telephone as `createLeadership` wants it: it may move to another window only while nobody is on the line. */
export function leaderPhone(phone: Softphone): {
  perform: Softphone['perform'];
  status: () => SoftphoneStatus;
  mayRelease: () => boolean;
  release: () => Promise<void>;
} {
  return {
    perform: (command) => phone.perform(command),
    status: () => phone.status,
    mayRelease: () => phone.status.session === null,
    release: () => phone.stop(),
  };
}
