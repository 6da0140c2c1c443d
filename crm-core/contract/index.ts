export * from './caller-marks';
export * from './calls';
export * from './common';
export * from './customers';
export * from './hotline-records';
export { MatchRequest, MatchResult, MatchOwner, MatchKind, NumberClass } from './match';
export * from './session';
export * from './users';
