import { parseCallerId, type NumberingOptions, type ReasonCode } from './index';

const GUANGZHOU: NumberingOptions = { areaCode: '20' };
const SHENZHEN: NumberingOptions = { areaCode: '755' };
const ZHUMADIAN: NumberingOptions = { areaCode: '396' };
const BEHIND_NINE: NumberingOptions = { areaCode: '755', outsidePrefix: '9' };
const MOBILE = '+8613912345678';

function read(raw: string | null, options: NumberingOptions = GUANGZHOU): [string | null, string, ReasonCode] {
  const { key, numberClass, reason } = parseCallerId(raw, options);
  return [key, numberClass, reason];
}
function maybe(raw: string, options: NumberingOptions = GUANGZHOU): string[] {
  return parseCallerId(raw, options).alternatives.map(({ key }) => key);
}

describe('mobile numbers', () => {
  test.each<[string, ReasonCode]>([
    ['13912345678', 'mobile.plain'],
    ['013912345678', 'mobile.trunk_zero'],
    ['8613912345678', 'mobile.country_code'],
    ['+8613912345678', 'mobile.country_code'],
    ['008613912345678', 'mobile.country_code'],
    ['86013912345678', 'mobile.country_code'],
    ['+86(0)13912345678', 'mobile.country_code'],
    ['+86(0)139-1234-5678', 'mobile.country_code'],
    ['１３９１２３４５６７８', 'mobile.plain'],
    ['＋８６ １３９ １２３４ ５６７８', 'mobile.country_code'],
    ['139 1234 5678', 'mobile.plain'],
    ['139-1234-5678', 'mobile.plain'],
    ['139\u20101234\u20115678', 'mobile.plain'],
    ['139\u20131234\u20145678', 'mobile.plain'],
    ['139\u22121234\uff0d5678', 'mobile.plain'],
    ['139\u00a01234\u20095678', 'mobile.plain'],
    ['\u202a13912345678\u202c', 'mobile.plain'],
    ['139.1234.5678', 'mobile.plain'],
    ['08613912345678', 'mobile.country_code'],
    ['0008613912345678', 'mobile.country_code'],
    ['086013912345678', 'mobile.country_code'],
    ['1795113912345678', 'mobile.carrier_code'],
    ['1259313912345678', 'mobile.carrier_code'],
    ['1790913912345678', 'mobile.carrier_code'],
    ['1251613912345678', 'mobile.carrier_code'],
    ['17911013912345678', 'mobile.carrier_code'],
    ['017951013912345678', 'mobile.carrier_code'],
    ['0018613912345678', 'mobile.country_code'],
    ['sip:13912345678@10.0.0.1', 'mobile.plain'],
    ['sip:+8613912345678@ims.mnc000.mcc460.3gppnetwork.org;user=phone', 'mobile.country_code'],
    ['+8613912345678@ims.mnc000.mcc460.3gppnetwork.org', 'mobile.country_code'],
    ['tel:13912345678;phone-context=+86', 'mobile.plain'],
    ['"Wang" <sip:13912345678@10.0.0.1:5060;transport=udp>;tag=1', 'mobile.plain'],
    ['"王" <13912345678>', 'mobile.plain'],
    ['#31#13912345678', 'mobile.plain'],
    ['13912345678#', 'mobile.plain'],
    ['sip:%2B8613912345678@10.0.0.1', 'mobile.country_code'],
  ])('%s is 139 1234 5678 (%s)', (raw, reason) => {
    expect(read(raw)).toEqual([MOBILE, 'mobile', reason]);
  });

  test.each(['913912345678', '9013912345678'])('%s behind outside line 9', (raw) => {
    expect(read(raw, BEHIND_NINE)).toEqual([MOBILE, 'mobile', 'mobile.outside_prefix']);
    expect(read(raw, SHENZHEN)[0]).toBeNull();
  });

  test.each(['14912345678', '17412345678', '17401234567', '19212345678', '16212345678'])('prefix of %s is kept', (raw) => {
    expect(read(raw)).toEqual([`+86${raw}`, 'mobile', 'mobile.plain']);
  });

  test.each(['1401234567890', '1411234567890', '1441234567890', '1461234567890', '1481234567890', '1064812345678'])(
    '%s is a machine',
    (raw) => {
      expect(read(raw)).toEqual([`+86${raw}`, 'mobile', 'mobile.machine']);
      expect(read(`+86${raw}`)).toEqual([`+86${raw}`, 'mobile', 'mobile.machine']);
    },
  );

  test('a prefix not allotted is a mobile number only while no other reading fits', () => {
    expect(read('15452345678')).toEqual([`+8615452345678`, 'mobile', 'mobile.new_prefix']);
    const oregon = parseCallerId('15412345678', GUANGZHOU);
    expect([oregon.key, oregon.reason]).toEqual([null, 'unknown.ambiguous']);
    expect(oregon.alternatives.map(({ key }) => key)).toEqual(['+8615412345678', '+15412345678']);
  });
});

describe('a plus or its absence is never guessed away', () => {
  test('stray plus on a mobile: as written, the mobile number only maybe', () => {
    expect(read('+13912345678')).toEqual(['+13912345678', 'international', 'international.unconfirmed']);
    expect(maybe('+13912345678')).toEqual([MOBILE]);
  });

  test('+17012345678 is a valid number of the United States', () => {
    expect(read('+17012345678')).toEqual(['+17012345678', 'international', 'international.plus']);
    expect(maybe('+17012345678')).toEqual(['+8617012345678']);
  });

  test('19175551234 is a mobile number, New York only maybe', () => {
    expect(read('19175551234')).toEqual(['+8619175551234', 'mobile', 'mobile.plain']);
    expect(maybe('19175551234')).toEqual(['+19175551234']);
  });

  test.each<[string, string | null, ReasonCode]>([
    ['+4001600127', 'svc:4001600127', 'service.stray_plus'],
    ['+4008208820', 'svc:4008208820', 'service.stray_plus'],
    ['+8008208820', 'svc:8008208820', 'service.stray_plus'],
    ['+95588', 'svc:95588', 'service.stray_plus'],
    ['+075582345678', '+8675582345678', 'fixed.stray_plus'],
    ['+013912345678', MOBILE, 'mobile.stray_plus'],
    ['+008613912345678', MOBILE, 'mobile.stray_plus'],
  ])('%s loses its plus', (raw, key, reason) => {
    expect(read(raw).filter((_, index) => index !== 1)).toEqual([key, reason]);
  });

  test('a plus before other short numbers stays a question', () => {
    expect(read('+10086')[0]).toBeNull();
    expect(maybe('+10086')).toEqual(['svc:10086']);
  });

  test('numbers of other countries without plus are only maybe', () => {
    expect(read('886912345678')[0]).toBeNull();
    expect(maybe('886912345678')).toEqual(['+886912345678']);
    expect(maybe('85261234567')).toEqual(['+85261234567']);
    expect(read('85261234567')[0]).toBeNull();
  });
});

describe('other countries', () => {
  test.each<[string, string, ReasonCode]>([
    ['0085261234567', '+85261234567', 'international.double_zero'],
    ['00886912345678', '+886912345678', 'international.double_zero'],
    ['0019175551234', '+19175551234', 'international.double_zero'],
    ['+85261234567', '+85261234567', 'international.plus'],
    ['+44 (0)20 7946 0000', '+442079460000', 'international.plus'],
    ['tel:61234567;phone-context=+852', '+85261234567', 'international.plus'],
    ['+951234567', '+951234567', 'international.plus'],
  ])('%s is %s', (raw, key, reason) => {
    expect(read(raw)).toEqual([key, 'international', reason]);
  });

  test('00 and eight digits of no country: a local number at most maybe', () => {
    expect(read('0062345678')).toEqual([null, 'unknown', 'unknown.double_zero']);
    expect(maybe('0062345678')).toEqual(['+862062345678']);
  });
});

describe('fixed lines', () => {
  test.each<[string, string, ReasonCode]>([
    ['01062345678', '+861062345678', 'fixed.plain'],
    ['1062345678', '+861062345678', 'fixed.missing_zero'],
    ['+861062345678', '+861062345678', 'fixed.country_code'],
    ['+86(0)10-62345678', '+861062345678', 'fixed.country_code'],
    ['861062345678', '+861062345678', 'fixed.country_code'],
    ['2088888888', '+862088888888', 'fixed.missing_zero'],
    ['0755 8234-5678', '+8675582345678', 'fixed.plain'],
    ['(0755)82345678', '+8675582345678', 'fixed.plain'],
    ['75582345678', '+8675582345678', 'fixed.missing_zero'],
    ['3962345678', '+863962345678', 'fixed.missing_zero'],
    ['17909075582345678', '+8675582345678', 'fixed.carrier_code'],
    ['17909075582345678'.replace('0755', '755'), '+8675582345678', 'fixed.carrier_code'],
    ['086075582345678', '+8675582345678', 'fixed.country_code'],
  ])('%s is %s', (raw, key, reason) => {
    expect(read(raw)).toEqual([key, 'fixed', reason]);
  });

  test('a local number takes the area code of the line, each line its own', () => {
    expect(read('62345678', GUANGZHOU)).toEqual(['+862062345678', 'fixed', 'fixed.line_area']);
    expect(read('62345678', SHENZHEN)).toEqual(['+8675562345678', 'fixed', 'fixed.line_area']);
    expect(read('2345678', ZHUMADIAN)).toEqual(['+863962345678', 'fixed', 'fixed.line_area']);
    expect(read('2345678', GUANGZHOU)).toEqual(['+86202345678', 'fixed', 'fixed.line_area']);
    expect(read('62345678', { areaCode: null })).toEqual([null, 'unknown', 'unknown.no_area_code']);
    expect(read('62345678', { areaCode: '0755' })[0]).toBe('+8675562345678');
  });

  test('behind outside line 9', () => {
    expect(read('982345678', BEHIND_NINE)).toEqual(['+8675582345678', 'fixed', 'fixed.line_area']);
    expect(read('901062345678', BEHIND_NINE)).toEqual(['+861062345678', 'fixed', 'fixed.outside_prefix']);
  });

  test('the last eight digits alone never decide', () => {
    const keys = ['13962345678', '18862345678', '01062345678', '62345678'].map((raw) => read(raw)[0]);
    expect(new Set(keys).size).toBe(4);
  });
});

describe('service numbers', () => {
  test.each<[string, string, ReasonCode]>([
    ['4001234567', 'svc:4001234567', 'service.plain'],
    ['400-820-8820', 'svc:4008208820', 'service.plain'],
    ['04008208820', 'svc:4008208820', 'service.trunk_zero'],
    ['+864008208820', 'svc:4008208820', 'service.country_code'],
    ['8008208820', 'svc:8008208820', 'service.plain'],
    ['95588', 'svc:95588', 'service.plain'],
    ['10086', 'svc:10086', 'service.plain'],
    ['12345', 'svc:12345', 'service.plain'],
    ['110', 'svc:110', 'service.plain'],
    ['116114', 'svc:116114', 'service.plain'],
    ['962121', 'svc:962121', 'service.plain'],
    ['01095588', 'svc:95588', 'service.area_stripped'],
    ['075595588', 'svc:95588', 'service.area_stripped'],
    ['1095588', 'svc:95588', 'service.area_stripped'],
    ['+861095566', 'svc:95566', 'service.area_stripped'],
    ['02012345', 'svc:12345', 'service.area_stripped'],
    ['0204008208820', 'svc:4008208820', 'service.area_stripped'],
    ['010086', 'svc:10086', 'service.trunk_zero'],
    ['+8695588', 'svc:95588', 'service.country_code'],
    ['008695588', 'svc:95588', 'service.country_code'],
  ])('%s is %s', (raw, key, reason) => {
    expect(read(raw)).toEqual([key, 'service', reason]);
  });

  test('the list of a line adds its own', () => {
    expect(read('8899')[0]).toBeNull();
    expect(read('8899', { areaCode: '20', serviceNumbers: ['8899'] })).toEqual(['svc:8899', 'service', 'service.configured']);
  });

  test('a number of services is never a prefix of the outside line', () => {
    expect(read('95588', BEHIND_NINE)[0]).toBe('svc:95588');
    expect(read('995588', BEHIND_NINE)[0]).toBe('svc:95588');
  });
});

describe('extensions', () => {
  test.each<[string, string, string]>([
    ['0755-82345678-801', '+8675582345678', '801'],
    ['400-820-8820-1', 'svc:4008208820', '1'],
    ['0755-82345678转801', '+8675582345678', '801'],
    ['0755-82345678 转 801', '+8675582345678', '801'],
    ['0755-82345678分机801', '+8675582345678', '801'],
    ['0755-82345678 ext.801', '+8675582345678', '801'],
    ['0755-82345678x801', '+8675582345678', '801'],
    ['0755-82345678,801', '+8675582345678', '801'],
    ['62345678-801', '+862062345678', '801'],
    ['55123456-801', '+862055123456', '801'],
    ['0396-2345678-8', '+863962345678', '8'],
    ['tel:+86-755-82345678;ext=801', '+8675582345678', '801'],
    ['+852 6123 4567 ext 12', '+85261234567', '12'],
  ])('%s', (raw, key, extension) => {
    expect(parseCallerId(raw, GUANGZHOU)).toMatchObject({ key, extension });
  });

  test('no extension without a number', () => {
    expect(read('转801')).toEqual([null, 'unknown', 'unknown.extension_only']);
  });

  test('numbers of delivery platforms are marked', () => {
    expect(parseCallerId('17012345678转1234', GUANGZHOU)).toMatchObject({ key: '+8617012345678', extension: '1234', privacy: true });
    expect(parseCallerId('17112345678,,1234', GUANGZHOU)).toMatchObject({ extension: '1234', privacy: true });
    expect(parseCallerId('17012345678', GUANGZHOU).privacy).toBe(false);
    expect(parseCallerId('13912345678转1234', GUANGZHOU).privacy).toBe(false);
  });
});

describe('internal extensions', () => {
  const inside: NumberingOptions = { areaCode: '20', internalPattern: '[18]\\d{3}', context: 'internal' };

  test('need the context and the pattern', () => {
    expect(read('8001', inside)).toEqual(['ext:8001', 'internal', 'internal.extension']);
    expect(read('sip:8001@1.2.3.4', inside)).toEqual(['ext:8001', 'internal', 'internal.extension']);
    expect(read('8001', { ...inside, context: 'external' })).toEqual([null, 'unknown', 'unknown.too_short']);
    expect(read('8001', { ...inside, internalPattern: null })[0]).toBeNull();
    expect(read('18001', inside)[1]).toBe('service');
    expect(read('1001', { ...inside, internalPattern: /1\d{3}/ })).toEqual(['ext:1001', 'internal', 'internal.extension']);
  });

  test('a broken pattern matches nothing', () => {
    expect(read('8001', { ...inside, internalPattern: '(' })[0]).toBeNull();
  });
});

describe('withheld and unreadable', () => {
  test.each<[string | null, ReasonCode]>([
    [null, 'withheld.empty'],
    ['', 'withheld.empty'],
    ['  ', 'withheld.empty'],
    ['anonymous', 'withheld.anonymous'],
    ['Anonymous', 'withheld.anonymous'],
    ['sip:anonymous@anonymous.invalid', 'withheld.anonymous'],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>', 'withheld.anonymous'],
    ['unknown', 'withheld.anonymous'],
    ['<unknown>', 'withheld.anonymous'],
    ['Restricted', 'withheld.anonymous'],
    ['unavailable', 'withheld.anonymous'],
    ['s', 'withheld.anonymous'],
    ['0', 'withheld.zeros'],
    ['0000000000', 'withheld.zeros'],
    ['+000', 'withheld.zeros'],
  ])('%p is withheld', (raw, reason) => {
    expect(read(raw)).toEqual([null, 'withheld', reason]);
  });

  test.each<[string, ReasonCode]>([
    ['hello', 'unknown.garbage'],
    ['sip:wangwu@10.0.0.1', 'unknown.garbage'],
    ['139****5678', 'unknown.masked'],
    ['139xxxx5678', 'unknown.masked'],
    ['8001', 'unknown.too_short'],
    ['+86999', 'unknown.invalid_chinese'],
    ['1'.repeat(300), 'unknown.too_long'],
    ['1'.repeat(40), 'unknown.too_long'],
  ])('%s is unknown', (raw, reason) => {
    expect(read(raw)).toEqual([null, 'unknown', reason]);
  });
});
