export * from './call-view';
export * from './common';
export * from './errors';
export * from './frames';
export * from './session';
export * from './transfer';
