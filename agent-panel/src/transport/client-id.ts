const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A random identifier that the protocol's `ClientId` accepts: command id, dial id, tab id. 126 random bits.
 * Not `crypto.randomUUID`, which a page outside a secure context does not have.
 */
export function newClientId(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(21));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 63)).join('');
}
