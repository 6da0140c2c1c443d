import { randomBytes } from 'node:crypto';

let lastMs = -1;
let within = 0;

/**
 * A UUID of version 7 (RFC 9562, 5.7 and 6.2 method 1): begins with the time, then counts within the millisecond, so that rows
 * made one after another are sorted so and stand side by side in the index.
 */
export function newId(nowMs: number = Date.now()): string {
  within = nowMs === lastMs ? (within + 1) & 0x0fff : 0;
  lastMs = nowMs;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | within, 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
