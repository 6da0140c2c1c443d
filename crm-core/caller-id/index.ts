/**
 * Who is calling, as far as digits tell: raw caller ID and line in; key, class, candidates and reasons out. Pure and
 * self-contained (libphonenumber-js with `max` metadata): no I/O, no clock, no environment.
 */
export { AREA_CODES, type AreaPlace } from './plan/area-codes';
export { toDialString } from './dial-string';
export { formatForDisplay, maskForLog } from './display';
export { numberClassOf } from './number-class';
export { parseCallerId } from './parse-caller-id';
export { areaCodeOf, CARRIER_OF_PREFIX, placeOf, type CarrierClass, type NumberPlace } from './place';
export { REASON_CODES, type ReasonCode } from './reason-codes';
export { changedKeys, RULES_VERSION, storableKey } from './stored-keys';
export { parseStoredNumbers } from './stored-numbers';
export { MAX_RAW_LENGTH, type CallerId, type Candidate, type NumberClass, type NumberingOptions, type ReadingStep } from './types';
