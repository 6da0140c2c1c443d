export { createSoftphone, type SoftphoneOptions } from './softphone';
export type * from './phone-types';
