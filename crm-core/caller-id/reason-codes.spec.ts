import { parseCallerId, parseStoredNumbers, REASON_CODES, type CallerId, type NumberingOptions, type ReasonCode } from './index';

const call = (raw: string | null, options: Partial<NumberingOptions> = {}): CallerId => parseCallerId(raw, { areaCode: '20', ...options });
const stored = (raw: string): CallerId => parseStoredNumbers(raw, { areaCode: '20' }).at(-1)!;
const nine = { outsidePrefix: '9' };

/** One example of every rule. The type keeps the list whole. */
const EXAMPLES: Record<ReasonCode, CallerId> = {
  'mobile.plain': call('13912345678'),
  'mobile.trunk_zero': call('013912345678'),
  'mobile.country_code': call('+8613912345678'),
  'mobile.carrier_code': call('1795113912345678'),
  'mobile.outside_prefix': call('913912345678', nine),
  'mobile.stray_plus': call('+13912345678'),
  'mobile.double_zero': call('0013912345678'),
  'mobile.machine': call('1064812345678'),
  'mobile.new_prefix': call('15452345678'),
  'fixed.plain': call('01062345678'),
  'fixed.missing_zero': call('1062345678'),
  'fixed.line_area': call('62345678'),
  'fixed.field_area': stored('010-62345678/62345679'),
  'fixed.country_code': call('+861062345678'),
  'fixed.carrier_code': call('17909075582345678'),
  'fixed.outside_prefix': call('901062345678', nine),
  'fixed.stray_plus': call('+01062345678'),
  'fixed.stray_zero': call('062345678'),
  'fixed.double_zero': call('0062345678'),
  'service.plain': call('95588'),
  'service.configured': call('8899', { serviceNumbers: ['8899'] }),
  'service.area_stripped': call('01095588'),
  'service.trunk_zero': call('04008208820'),
  'service.country_code': call('+864008208820'),
  'service.carrier_code': call('179514008208820'),
  'service.outside_prefix': call('995588', nine),
  'service.stray_plus': call('+4008208820'),
  'service.double_zero': call('0095588'),
  'international.plus': call('+85261234567'),
  'international.double_zero': call('0085261234567'),
  'international.missing_plus': call('19175551234'),
  'international.unconfirmed': call('+13912345678'),
  'internal.extension': call('8001', { context: 'internal', internalPattern: '8\\d{3}' }),
  'withheld.empty': call(null),
  'withheld.anonymous': call('anonymous'),
  'withheld.zeros': call('0000'),
  'unknown.no_area_code': call('62345678', { areaCode: null }),
  'unknown.extension_only': call('转801'),
  'unknown.invalid_chinese': call('+86999'),
  'unknown.double_zero': call('0062345678'),
  'unknown.ambiguous': call('15412345678'),
  'unknown.no_country': call('+210'),
  'unknown.too_short': call('8001'),
  'unknown.no_rule': call('1391234567'),
  'unknown.shorthand': stored('0755-82345678/79'),
  'unknown.masked': call('139****5678'),
  'unknown.too_long': call('1'.repeat(300)),
  'unknown.garbage': call('hello'),
};

test.each(Object.entries(EXAMPLES))('%s decides or is offered', (reason, parsed) => {
  expect([parsed.reason, ...parsed.alternatives.map((candidate) => candidate.reason)]).toContain(reason);
});

test('every code is explained', () => {
  expect(Object.keys(REASON_CODES).sort()).toEqual(Object.keys(EXAMPLES).sort());
  for (const [code, text] of Object.entries(REASON_CODES)) {
    expect(code).toMatch(/^(mobile|fixed|service|international|internal|withheld|unknown)\.[a-z_]+$/);
    expect(text).toMatch(/^[A-Z].{10,140}\.$/);
  }
});

test('only guesses carry the codes of guesses', () => {
  for (const { key, reason } of Object.values(EXAMPLES)) {
    if (key !== null)
      expect([
        'mobile.double_zero',
        'fixed.double_zero',
        'fixed.stray_zero',
        'service.double_zero',
        'international.missing_plus',
      ]).not.toContain(reason);
  }
});
