import { randomBytes } from 'node:crypto';

/** A random secret that may stand in a URL, a configuration file and a SIP password without any escaping. */
export function randomSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}
