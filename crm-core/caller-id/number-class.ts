import { isMobile } from './plan/chinese-plan';
import type { NumberClass } from './types';

/** Class of a key made by this module: a key is of one class only. Null for anything else. */
export function numberClassOf(key: string): NumberClass | null {
  if (/^svc:\d+$/.test(key)) return 'service';
  if (/^ext:\d+$/.test(key)) return 'internal';
  if (!/^\+\d+$/.test(key)) return null;
  if (!key.startsWith('+86')) return 'international';
  return isMobile(key.slice(3)) ? 'mobile' : 'fixed';
}
