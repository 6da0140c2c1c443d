export { createSoftphone, type SoftphoneOptions } from './softphone';
export { leaderPhone } from './leader-phone';
export type * from './phone-types';
