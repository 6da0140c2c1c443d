import fc from 'fast-check';
import {
  formatForDisplay,
  maskForLog,
  MAX_RAW_LENGTH,
  numberClassOf,
  parseCallerId,
  parseStoredNumbers,
  placeOf,
  REASON_CODES,
  toDialString,
  type NumberingOptions,
} from './index';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const options: fc.Arbitrary<NumberingOptions> = fc.record({
  areaCode: fc.constantFrom(null, '20', '10', '755', '396', '0755', ''),
  outsidePrefix: fc.constantFrom(null, '9', '0', '99'),
  internalPattern: fc.constantFrom(null, '[18]\\d{3}', '(', '\\d+'),
  context: fc.constantFrom('internal', 'external'),
  serviceNumbers: fc.constantFrom([], ['8899'], ['x', '']),
});

const mobile = fc
  .tuple(fc.constantFrom('130', '139', '149', '151', '166', '174', '188', '192', '199'), digits(8))
  .map((parts) => parts.join(''));
const EIGHT_DIGIT_CITIES = ['10', '21', '20', '755', '571', '371', '591'];
const SEVEN_DIGIT_CITIES = ['396', '592', '756', '773'];
const fixed = fc
  .oneof(
    fc.tuple(fc.constantFrom(...EIGHT_DIGIT_CITIES), fc.constantFrom('2', '3', '6', '8'), digits(7)),
    fc.tuple(fc.constantFrom(...SEVEN_DIGIT_CITIES), fc.constantFrom('2', '3', '6', '8'), digits(6)),
  )
  .map(([area, first, rest]) => ({ area, local: first + rest }));

/** Separators and invisible characters between digits. */
const gap = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '-',
  '\u2010',
  '\u2013',
  '\u2014',
  '\uff0d',
  '\u2212',
  '\u00a0',
  '\u3000',
  '.',
  '\u200b',
  '\ufeff',
);
const FULL_WIDTH = (text: string): string => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

/** Puts gaps where people put them: between the groups. */
function dressed(groups: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.array(gap, { minLength: groups.length, maxLength: groups.length }), fc.boolean()).map(([gaps, wide]) => {
    const text = groups.map((group, index) => (index === 0 ? group : gaps[index]! + group)).join('');
    return wide ? FULL_WIDTH(text) : text;
  });
}

const runs = { numRuns: 500, seed: 20240601 };

describe('any formatting of a number gives its key', () => {
  const mobilePrefix = fc.constantFrom(
    '',
    '0',
    '86',
    '+86',
    '0086',
    '086',
    '860',
    '+86(0)',
    '00086',
    '0860',
    '(+86)',
    '17951',
    '12593',
    '179110',
    '00186',
  );
  test('mobile', () => {
    const written = mobile.chain((number) =>
      fc.tuple(
        fc.constant(number),
        mobilePrefix.chain((prefix) => dressed([prefix, number.slice(0, 3), number.slice(3, 7), number.slice(7)])),
      ),
    );
    fc.assert(
      fc.property(written, fc.constantFrom(null, '20', '396'), ([number, text], areaCode) => {
        expect(parseCallerId(text, { areaCode }).key).toBe(`+86${number}`);
      }),
      runs,
    );
  });

  test('fixed line with area code', () => {
    const prefix = fc.constantFrom('0', '', '86', '+86', '0086', '+860', '860', '179510', '00186');
    const written = fixed.chain(({ area, local }) =>
      fc.tuple(
        fc.constant(area + local),
        prefix.chain((before) =>
          fc.oneof(fc.constant(before + area + local), dressed([`${before}${area} `, local.slice(0, -4), local.slice(-4)])),
        ),
      ),
    );
    fc.assert(
      fc.property(written, fc.constantFrom(null, '20', '396'), ([national, text], areaCode) => {
        expect(parseCallerId(text, { areaCode }).key).toBe(`+86${national}`);
      }),
      runs,
    );
  });

  test('local number on the line of its city', () => {
    const written = fixed.chain((number) => fc.tuple(fc.constant(number), dressed([number.local.slice(0, -4), number.local.slice(-4)])));
    fc.assert(
      fc.property(written, ([{ area, local }, text]) => {
        // "8695588": the only local numbers that are also 86 and a service; local wins, the service is "maybe".
        expect(parseCallerId(text, { areaCode: area }).key).toBe(`+86${area}${local}`);
      }),
      runs,
    );
  });

  test('with outside prefix, in a SIP URI, with a display name', () => {
    const wrap = fc.constantFrom(
      (text: string) => `sip:${text}@10.0.0.1:5060;user=phone`,
      (text: string) => `"Wang 8" <sip:${text}@host>;tag=1`,
      (text: string) => `<${text}>`,
      (text: string) => `tel:${text};phone-context=+86`,
      (text: string) => `9${text}`,
    );
    fc.assert(
      fc.property(mobile, wrap, (number, around) => {
        expect(parseCallerId(around(number), { areaCode: '20', outsidePrefix: '9' }).key).toBe(`+86${number}`);
      }),
      runs,
    );
  });

  test('several in one field, each once', () => {
    const joint = fc.constantFrom('、', '/', ' / ', ',', '，', ';', '；', ' 和 ', ' ', '\n', ' 或 ', '|');
    fc.assert(
      fc.property(fc.uniqueArray(mobile, { minLength: 1, maxLength: 5 }), joint, (numbers, between) => {
        expect(parseStoredNumbers(numbers.join(between), { areaCode: '20' }).map(({ key }) => key)).toEqual(
          numbers.map((number) => `+86${number}`),
        );
      }),
      runs,
    );
  });
});

const anyDigits = fc.integer({ min: 1, max: 18 }).chain(digits);
const numberLike = fc
  .tuple(fc.constantFrom('', '', '', '+', '0', '00', '86', '+86', '0086', '9'), anyDigits)
  .map((parts) => parts.join(''));

describe('keys', () => {
  test('never collide across classes', () => {
    fc.assert(
      fc.property(numberLike, options, (text, context) => {
        const { key, numberClass, reason, alternatives } = parseCallerId(text, context);
        for (const code of [reason, ...alternatives.map((candidate) => candidate.reason)]) expect(REASON_CODES).toHaveProperty([code]);
        if (key === null) expect(['unknown', 'withheld']).toContain(numberClass);
        else expect(numberClassOf(key)).toBe(numberClass);
        for (const candidate of alternatives) {
          expect(numberClassOf(candidate.key)).toBe(candidate.numberClass);
          expect(candidate.key).not.toBe(key);
        }
      }),
      { ...runs, numRuns: 2000 },
    );
  });

  test('are stable: an E.164 key read again is itself, on any line', () => {
    fc.assert(
      fc.property(numberLike, options, options, (text, first, second) => {
        const { key } = parseCallerId(text, first);
        fc.pre(key !== null && key.startsWith('+'));
        expect(parseCallerId(key, { ...second, context: 'external' }).key).toBe(key);
      }),
      { ...runs, numRuns: 2000 },
    );
  });

  test('survive dialling: what is dialled is the number that was matched', () => {
    fc.assert(
      fc.property(numberLike, options, (text, context) => {
        const parsed = parseCallerId(text, { ...context, context: 'external' });
        fc.pre(parsed.key !== null && parsed.reason !== 'international.unconfirmed' && parsed.reason !== 'service.configured');
        const dialled = parseCallerId(toDialString(parsed), { areaCode: '20' });
        if (parsed.reason !== 'mobile.new_prefix') expect(dialled.key).toBe(parsed.key);
      }),
      { ...runs, numRuns: 1500 },
    );
  });

  test('alternatives never hold a key twice', () => {
    fc.assert(
      fc.property(numberLike, options, (text, context) => {
        const keys = parseCallerId(text, context).alternatives.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      runs,
    );
  });
});

describe('hostile input', () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 400, unit: 'binary' }),
    fc.string({ maxLength: 400, unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          '1',
          '0',
          '86',
          '+',
          '-',
          '(',
          ')',
          ',',
          ';',
          'x',
          '转',
          '#',
          '*',
          '@',
          '<',
          '>',
          '"',
          '%',
          ' ',
          'sip:',
          'ext',
          '\ud800',
          '\u0000',
          '\n',
        ),
        { maxLength: 300 },
      )
      .map((list) => list.join('')),
  );

  test('never throws, answers from closed lists, keeps its bounds', () => {
    fc.assert(
      fc.property(hostile, options, (text, context) => {
        const all = [parseCallerId(text, context), ...parseStoredNumbers(text, context)];
        for (const { raw, key, reason, extension, alternatives } of all) {
          expect(REASON_CODES).toHaveProperty([reason]);
          expect((raw ?? '').length).toBeLessThanOrEqual(MAX_RAW_LENGTH);
          expect(key === null || /^(?:\+|svc:|ext:)\d{1,32}$/.test(key)).toBe(true);
          expect(extension === null || /^\d{1,6}$/.test(extension)).toBe(true);
          expect(alternatives.length).toBeLessThanOrEqual(8);
        }
        expect(maskForLog(text)).toMatch(/^[\p{L}\d+*/:. _-]{0,40}$/u);
        formatForDisplay(text);
        placeOf(text);
      }),
      { ...runs, numRuns: 1500 },
    );
  });

  test('answers at once whatever the length', () => {
    const started = performance.now();
    for (const part of ['1,', ',', '(', '转1', '0-', '1 ', '<', '%2', 'x1', '10086 ', '13912345678 ', '62345678-', '139****', '()', '+']) {
      const text = part.repeat(100_000);
      parseCallerId(text, { areaCode: '20' });
      parseCallerId(text.slice(0, MAX_RAW_LENGTH), { areaCode: '20' });
      parseStoredNumbers(text, { areaCode: '20' });
      maskForLog(text);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('a log line never holds a whole number', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mobile,
          fixed.map(({ area, local }) => `0${area}${local}`),
        ),
        fc.constantFrom('', '+86', 'sip:', '"x" <', 'tel:'),
        (number, before) => {
          expect(maskForLog(before + number)).not.toContain(number.slice(3, 8));
        },
      ),
      runs,
    );
  });
});
