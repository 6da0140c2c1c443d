import { areaCodeOf, formatForDisplay, maskForLog, numberClassOf, parseCallerId, placeOf, toDialString } from './index';

describe('formatForDisplay', () => {
  test.each([
    ['+8613912345678', '139 1234 5678'],
    ['+861401234567890', '140 1234 567890'],
    ['+8675582345678', '0755-8234 5678'],
    ['+861062345678', '010-6234 5678'],
    ['+863962345678', '0396-234 5678'],
    ['svc:4008208820', '400-820-8820'],
    ['svc:95588', '95588'],
    ['ext:8001', '8001'],
    ['+85261234567', '+852 6123 4567'],
    ['+8615452345678', '154 5234 5678'],
    ['013912345678', '139 1234 5678'],
    ['0755-82345678转801', '0755-8234 5678-801'],
    ['62345678', '62345678'],
    ['anonymous', 'anonymous'],
    ['+86', '+86'],
    ['', ''],
  ])('%s reads %s', (input, expected) => expect(formatForDisplay(input)).toBe(expected));
});

describe('maskForLog', () => {
  test.each<[string | null, string]>([
    ['13912345678', '139****5678'],
    ['+8613912345678', '+86139****5678'],
    ['sip:+8613912345678@ims.example;user=phone', '+86139****5678'],
    ['"王小明" <13912345678>', '139****5678'],
    ['0755-82345678', '0755****5678'],
    ['0755-82345678转801', '0755****5678'],
    ['0755-82345678-801', '0755****5678'],
    ['62345678', '62****78'],
    ['2345678', '23****78'],
    ['95588', '95588'],
    ['svc:4008208820', 'svc:4008208820'],
    ['8001', '8001'],
    ['+85261234567', '+852****4567'],
    ['Anonymous', 'anonymous'],
    ['王小明', '***'],
    ['', '-'],
    [null, '-'],
    ['1\r\nfake log line 13912345678', '113****5678'],
  ])('%p becomes %s', (raw, expected) => expect(maskForLog(raw)).toBe(expected));
});

describe('toDialString', () => {
  test.each<[string, string | null]>([
    ['+86 139 1234 5678', '13912345678'],
    ['86-755-82345678', '075582345678'],
    ['62345678', '02062345678'],
    ['400-820-8820', '4008208820'],
    ['01095588', '95588'],
    ['+852 6123 4567', '0085261234567'],
    ['0755-82345678-801', '075582345678'],
    ['1401234567890', '1401234567890'],
    ['anonymous', null],
    ['hello', null],
  ])('%s dials %s', (raw, expected) => expect(toDialString(parseCallerId(raw, { areaCode: '20' }))).toBe(expected));

  test('an extension inside', () => {
    expect(toDialString(parseCallerId('8001', { areaCode: '20', context: 'internal', internalPattern: '8\\d{3}' }))).toBe('8001');
  });
});

describe('placeOf', () => {
  test.each<[string | null, unknown]>([
    ['+8675582345678', { country: 'CN', province: '广东', cities: ['深圳'], carrier: null }],
    ['+862062345678', { country: 'CN', province: '广东', cities: ['广州'], carrier: null }],
    ['+8637182345678', { country: 'CN', province: '河南', cities: ['郑州', '开封'], carrier: null }],
    ['+8685261234567', { country: 'CN', province: null, cities: [], carrier: null }],
    ['+8613912345678', { country: 'CN', province: null, cities: [], carrier: 'mobile' }],
    ['+8618612345678', { country: 'CN', province: null, cities: [], carrier: 'unicom' }],
    ['+8617412345678', { country: 'CN', province: null, cities: [], carrier: 'telecom' }],
    ['+8619212345678', { country: 'CN', province: null, cities: [], carrier: 'broadnet' }],
    ['+8617012345678', { country: 'CN', province: null, cities: [], carrier: 'reseller' }],
    ['+861401234567890', { country: 'CN', province: null, cities: [], carrier: 'machine' }],
    ['+85261234567', { country: 'HK', province: null, cities: [], carrier: null }],
    ['+12125551234', { country: 'US', province: null, cities: [], carrier: null }],
    ['svc:95588', null],
    [null, null],
  ])('%p', (key, expected) => expect(placeOf(key)).toEqual(expected));
});

test('areaCodeOf is the area a line lends to local numbers', () => {
  expect(['+862066668888', '+8675582345678', '+8613912345678', '+85261234567', 'svc:4001234567', null].map(areaCodeOf)).toEqual([
    '20',
    '755',
    null,
    null,
    null,
    null,
  ]);
});

test('numberClassOf tells the class from the key alone', () => {
  expect(['+8613912345678', '+8675582345678', '+85261234567', 'svc:95588', 'ext:8001', 'hello'].map(numberClassOf)).toEqual([
    'mobile',
    'fixed',
    'international',
    'service',
    'internal',
    null,
  ]);
});
