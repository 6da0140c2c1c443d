import { AREA_CODES } from './plan/area-codes';
import { isMobile, splitArea } from './plan/chinese-plan';
import { readWorldNumber } from './plan/world-plan';

/** Who was allotted the prefix; since number portability (2019) the subscriber may be elsewhere. */
export type CarrierClass = 'mobile' | 'unicom' | 'telecom' | 'broadnet' | 'reseller' | 'machine';

export interface NumberPlace {
  /** ISO 3166; null for shared codes such as +800. */
  country: string | null;
  province: string | null;
  /** Several when cities share an area code. */
  cities: readonly string[];
  carrier: CarrierClass | null;
}

/**
 * Allotted prefixes (工信部 allotments up to 2023). Resellers (移动转售): 162, 165, 167, 170, 171. The city of a mobile number needs a
 * table of 7 digits that libphonenumber-js does not carry, and is left out rather than guessed.
 */
const CARRIERS: Record<Exclude<CarrierClass, 'machine'>, readonly string[]> = {
  mobile: [
    '134',
    '135',
    '136',
    '137',
    '138',
    '139',
    '147',
    '150',
    '151',
    '152',
    '157',
    '158',
    '159',
    '172',
    '178',
    '182',
    '183',
    '184',
    '187',
    '188',
    '195',
    '197',
    '198',
  ],
  unicom: ['130', '131', '132', '145', '155', '156', '166', '175', '176', '185', '186', '196'],
  telecom: ['133', '149', '153', '173', '174', '177', '180', '181', '189', '190', '191', '193', '199'],
  broadnet: ['192'],
  reseller: ['162', '165', '167', '170', '171'],
};
/** To whom the first three digits of a mobile number were allotted. Its province and city would need the next four as well. */
export const CARRIER_OF_PREFIX: ReadonlyMap<string, CarrierClass> = new Map(
  Object.entries(CARRIERS).flatMap(([carrier, prefixes]) => prefixes.map((prefix) => [prefix, carrier as CarrierClass] as const)),
);

/** Area code without 0 of a fixed line's key; null for any other key. What a line lends to local numbers. */
export function areaCodeOf(key: string | null): string | null {
  if (key === null || !key.startsWith('+86') || isMobile(key.slice(3))) return null;
  return splitArea(key.slice(3));
}

/**
 * Where a number belongs, as far as its digits tell. Null for keys without a place (services, internal). The city of a mobile
 * number is not told: see {@link CARRIER_OF_PREFIX}.
 */
export function placeOf(key: string | null): NumberPlace | null {
  if (key === null || !key.startsWith('+')) return null;
  if (!key.startsWith('+86')) {
    const world = readWorldNumber(key.slice(1));
    return world === null ? null : { country: world.country, province: null, cities: [], carrier: null };
  }
  const national = key.slice(3);
  if (isMobile(national)) return { country: 'CN', province: null, cities: [], carrier: carrierOf(national) };
  const place = AREA_CODES.get(splitArea(national) ?? '');
  return { country: 'CN', province: place?.province ?? null, cities: place?.cities ?? [], carrier: null };
}

function carrierOf(national: string): CarrierClass | null {
  return national.length === 13 ? 'machine' : (CARRIER_OF_PREFIX.get(national.slice(0, 3)) ?? null);
}
