import { randomBytes } from 'node:crypto';

/** A random secret that may stand in a URL, a configuration file and a SIP password without any escaping. */
export function randomSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

/** A password that a person types: 12 characters (60 bits) that cannot be mistaken for one another, in groups. */
export function typablePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  const text = [...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}
