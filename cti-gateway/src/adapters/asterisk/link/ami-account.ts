import { LinkRefusedError } from './link-loop';

/** Where the manager interface is and who we are there (manager.conf). */
export interface AmiAccount {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
}

/**
 * Why a login was refused. Asterisk 22, `manager.c`: "Authentication failed" is ours to mend; "Asterisk is shutting down",
 * said for a moment around a restart, is an ordinary error, worth another attempt.
 */
export function loginError(message: string): Error {
  return /authentication/i.test(message) ? new LinkRefusedError(`login: ${message}`) : new Error(`login: ${message || 'refused'}`);
}
