import { toDialString } from '../../../../crm-core/caller-id';
import type { ParsedNumber } from './parsed-number';

/**
 * What goes out on the trunk for a number (see `toDialString`). One difference: an area code written before a service number
 * is dialled, because `010 12345` is another city's hotline than `12345`; it does not change whose number it is.
 *
 * @returns null when there is nothing a trunk could dial.
 */
export function digitsToDial(written: string, parsed: ParsedNumber): string | null {
  const digits = toDialString(parsed);
  if (digits === null || !/^\d{2,20}$/.test(digits)) return null;
  return parsed.numberClass === 'service' ? withWrittenArea(written, digits) : digits;
}

function withWrittenArea(written: string, service: string): string {
  const plain = written.normalize('NFKC').replace(/[\s().-]/g, '');
  const area = plain.endsWith(service) ? plain.slice(0, -service.length) : '';
  return /^0(10|2\d|[3-9]\d{2})$/.test(area) ? area + service : service;
}
