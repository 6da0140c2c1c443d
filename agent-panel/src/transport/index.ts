export { createCtiClient } from './cti-client';
export { gatewayAnswers } from './gateway-answers';
export { newClientId } from './client-id';
export { createLeadership } from './leadership';
export { browserClock, type PanelClock } from './clock';
export { SignedOutError } from './cti-types';
export type * from './cti-types';
export type * from './leadership-types';
