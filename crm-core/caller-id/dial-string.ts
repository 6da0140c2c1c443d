import type { CallerId } from './types';

/**
 * Digits to dial from a Chinese trunk: mobile as it is, fixed with 0 and area code, service as it is, abroad with 00,
 * internal the extension. Null when there is nothing to dial. The extension behind a number is not dialled.
 */
export function toDialString({ key, numberClass }: Pick<CallerId, 'key' | 'numberClass'>): string | null {
  if (key === null) return null;
  switch (numberClass) {
    case 'mobile':
      return key.slice('+86'.length);
    case 'fixed':
      return `0${key.slice('+86'.length)}`;
    case 'service':
      return key.slice('svc:'.length);
    case 'international':
      return `00${key.slice(1)}`;
    case 'internal':
      return key.slice('ext:'.length);
    case 'withheld':
    case 'unknown':
      return null;
  }
}
