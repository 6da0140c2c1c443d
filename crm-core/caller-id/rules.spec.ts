import { changedKeys, parseCallerId, parseStoredNumbers, RULES_VERSION, storableKey, type CallerId, type NumberingOptions } from '.';

const GUANGZHOU: NumberingOptions = { areaCode: '20', internalPattern: '\\d{3,5}', outsidePrefix: '9' };
const read = (raw: string | null, more: Partial<NumberingOptions> = {}): CallerId => parseCallerId(raw, { ...GUANGZHOU, ...more });
const keyOf = (raw: string | null, more: Partial<NumberingOptions> = {}): string | null => read(raw, more).key;
const MOBILE = '+8613912345678';

/** The rules of reading numbers, one by one and in their order; the tables beside this file have every shape of each. */
describe('the rules', () => {
  it.each([
    'sip:13912345678@10.0.0.1;user=phone',
    '"Wu" <tel:+86-139-1234-5678>',
    '１３９ １２３４ ５６７８',
    '#31#13912345678',
    '13912345678#',
    '(139)1234–5678',
  ])('1 clean: %s', (raw) => expect(keyOf(raw)).toBe(MOBILE));

  it.each([null, '', 'anonymous', 'Restricted', 'unavailable', 's', '0', '00000000'])('2 withheld: %s', (raw) =>
    expect(read(raw)).toMatchObject({ key: null, numberClass: 'withheld' }),
  );

  it.each([
    ['010-62345678/62345679', ['+861062345678', '+861062345679'], [null, null]],
    ['13912345678、13812345678', [MOBILE, '+8613812345678'], [null, null]],
    ['0755-82345678-801', ['+8675582345678'], ['801']],
    ['0755-82345678转801', ['+8675582345678'], ['801']],
  ])('3 several numbers, extensions: %s', (field, keys, extensions) => {
    const numbers = parseStoredNumbers(field, GUANGZHOU);
    expect(numbers.map(({ key }) => key)).toEqual(keys);
    expect(numbers.map(({ extension }) => extension)).toEqual(extensions);
  });

  it('4 internal: by context and pattern together, never by length', () => {
    expect(read('8001', { context: 'internal' })).toMatchObject({ key: 'ext:8001', numberClass: 'internal' });
    expect(read('8001').numberClass).not.toBe('internal');
    expect(read('8001', { context: 'internal', internalPattern: '7\\d{3}' }).numberClass).not.toBe('internal');
    expect(keyOf('13912345678', { context: 'internal' })).toBe(MOBILE);
  });

  it.each([
    ['913912345678', MOBILE],
    ['1795113912345678', MOBILE],
    ['17911013912345678', MOBILE],
    ['+4001600127', 'svc:4001600127'],
    ['+95588', 'svc:95588'],
    ['+062345678', null],
  ])('5 outside prefix, carrier code, stray plus: %s', (raw, key) => expect(keyOf(raw)).toBe(key));

  it.each(['008613912345678', '08613912345678', '8613912345678', '013912345678', '86013912345678'])('6 before a mobile: %s', (raw) =>
    expect(keyOf(raw)).toBe(MOBILE),
  );
  it.each([
    ['0085261234567', '+85261234567'],
    ['0019175551234', '+19175551234'],
  ])('6 after 00 abroad: %s', (raw, key) => expect(keyOf(raw)).toBe(key));

  it.each([
    ['95588', 'svc:95588'],
    ['01095588', 'svc:95588'],
    ['+861095588', 'svc:95588'],
    ['96110', 'svc:96110'],
    ['12345', 'svc:12345'],
    ['110', 'svc:110'],
    ['400-820-8820', 'svc:4008208820'],
    ['04008208820', 'svc:4008208820'],
    ['8008208820', 'svc:8008208820'],
  ])('7 services, one key each: %s', (raw, key) => expect(read(raw)).toMatchObject({ key, numberClass: 'service' }));

  it('8 local: the area code of the line, and of that line only', () => {
    expect(keyOf('62345678')).toBe('+862062345678');
    expect(keyOf('62345678', { areaCode: '10' })).toBe('+861062345678');
    expect(read('62345678', { areaCode: null })).toMatchObject({ key: null, reason: 'unknown.no_area_code' });
  });

  it.each([
    ['1062345678', '+861062345678'],
    ['2088888888', '+862088888888'],
    ['75582345678', '+8675582345678'],
    ['3123456789', '+863123456789'],
  ])('9 fixed line without its 0: %s', (raw, key) => expect(keyOf(raw)).toBe(key));

  it('10 on keys only: the last eight digits make nobody the same', () => {
    const alike = ['13962345678', '18862345678', '01062345678', '62345678'].map((raw) => keyOf(raw));
    expect(new Set(alike).size).toBe(alike.length);
    expect(alike).not.toContain(null);
  });

  it('10 never guess: what could be two numbers is offered, not taken', () => {
    expect(read('19175551234').alternatives).toEqual([expect.objectContaining({ key: '+19175551234' })]);
    expect(read('+13912345678')).toMatchObject({ alternatives: [expect.objectContaining({ key: MOBILE, reason: 'mobile.stray_plus' })] });
    expect(keyOf('+13912345678')).not.toBe(MOBILE);
  });

  it('11 raw, key, class and the rule that decided, and the version of the rules', () => {
    expect(read('013912345678')).toMatchObject({ raw: '013912345678', key: MOBILE, numberClass: 'mobile', reason: 'mobile.trunk_zero' });
    expect(RULES_VERSION).toBeGreaterThanOrEqual(1);
  });

  it('12 rotating privacy numbers have no key to store', () => {
    const rotating = read('17012345678-1234');
    expect([rotating.privacy, storableKey(rotating)]).toEqual([true, null]);
    expect(storableKey(read('17012345678'))).toBe('+8617012345678');
  });

  it('13 what a change gives and takes away is known by key, so that past calls follow', () => {
    const before = parseStoredNumbers('13912345678; 010-62345678', GUANGZHOU);
    const after = parseStoredNumbers('+86 139 1234 5678; 020-62345678', GUANGZHOU);
    expect(changedKeys(before, after)).toEqual({ added: ['+862062345678'], removed: ['+861062345678'] });
  });
});
