import { randomBytes } from 'node:crypto';

/** 18 bits: the 12 of rand_a and the first 6 of rand_b. */
const COUNTS = 2 ** 18;
let count = 0;

/**
 * A UUID of version 7 (RFC 9562, 5.7 and 6.2 method 1): begins with the time, then counts, so that rows made one after another are
 * sorted so and stand side by side in the index. The count never starts again with another time, because ids of one moment are
 * made with ids of other moments in between.
 */
export function newId(nowMs: number = Date.now()): string {
  count = (count + 1) % COUNTS;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | (count >> 6), 6);
  bytes[8] = 0x80 | (count & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
