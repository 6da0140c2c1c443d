import { AREA_CODES, CARRIER_OF_PREFIX } from '../../crm-core/caller-id';

/**
 * Text of `dialplans/extensions.d/places.conf`: what the numbering plan says of area codes and mobile prefixes, as the dialplan looks it up.
 * Written by `node .build/cti-gateway/launch/places.js > dialplans/extensions.d/places.conf`.
 */
export function placesToConfig(): string {
  const areas = [...AREA_CODES].sort(byCode).map(([area, { province, cities }]) => row(area, `${province ?? ''}:${cities.join('、')}`));
  const prefixes = [...CARRIER_OF_PREFIX].sort(byCode).map(([prefix, carrier]) => row(prefix, carrier));
  return [
    '; Where area codes are and to whom mobile prefixes were allotted, by the tables of crm-core/caller-id. Generated, and compared by a test:',
    ';   node .build/cti-gateway/launch/places.js > dialplans/extensions.d/places.conf',
    '',
    '; Area code without its 0 → province:city. Cities that share a code are joined by 、',
    '[place-of-area]',
    ...areas,
    'exten => _X.,1,Return()',
    '',
    '; First three digits of a mobile number → carrier',
    '[place-of-prefix]',
    ...prefixes,
    'exten => _XXX,1,Return()',
    '',
  ].join('\n');
}

function row(exten: string, value: string): string {
  return `exten => ${exten},1,Return(${value})`;
}

function byCode([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

if (require.main === module) process.stdout.write(placesToConfig());
