import { customerSearch } from '../customers/customer-search';
import { displayOf, NumberReading, rulesOfEnvironment, searchDigits, toDraft } from './number-reading';

const reading = new NumberReading(rulesOfEnvironment({ areaCode: '20', internalPattern: '\\d{4}', outsidePrefix: '9' }));

describe('reading numbers as this installation writes them', () => {
  it.each([
    ['62345678', {}, '+862062345678'],
    ['62345678', { areaCode: '10' }, '+861062345678'],
    ['62345678', { areaCode: '010' }, '+861062345678'],
    ['62345678', { line: '075588886666' }, '+8675562345678'],
    ['62345678', { line: '01088886666', areaCode: '21' }, '+862162345678'],
    ['62345678', { line: '4001234567' }, '+862062345678'],
    ['62345678', { line: 'nonsense' }, '+862062345678'],
    ['913912345678', {}, '+8613912345678'],
    ['1001', { context: 'internal' as const }, 'ext:1001'],
  ])('%s with %j is %s', (raw, context, key) => {
    expect(reading.caller(raw, context).key).toBe(key);
  });

  it('keeps what was written, the key, the rule and the digits to search', () => {
    const [number] = reading.stored('020-88880001转601');
    if (number === undefined) throw new Error('not read');
    expect(toDraft('020-88880001转601', number, null)).toMatchObject({
      key: '+862088880001',
      digits: '2088880001',
      extension: '601',
      numberClass: 'fixed',
    });
    expect(displayOf('+862088880001', 'x', '601')).toBe('020-8888 0001-601');
    expect(displayOf(null, '请打前台', '')).toBe('请打前台');
  });

  it.each([
    ['+8613912345678', '13912345678'],
    ['008613912345678', '13912345678'],
    ['0139 1234', '1391234'],
    ['（０２０）８８８８－０００１', '2088880001'],
    ['svc:95588', '95588'],
    ['+852 6123 4567', '85261234567'],
    ['8613', '8613'],
    ['0', ''],
    ['abc', ''],
  ])('searches %s by %s', (text, digits) => {
    expect(searchDigits(text)).toBe(digits);
  });
});

describe('a number whose line and trunk are not known', () => {
  const trunk = {
    scope: 'trunk',
    name: 'old-pbx',
    label: '',
    areaCode: null,
    outsidePrefix: '8',
    internalPattern: null,
    serviceNumbers: null,
  } as const;
  const two = new NumberReading({ ...reading.ruleSet, exceptions: [trunk] });

  it.each([
    ['13912345678', true],
    ['02062345678', true],
    ['62345678', false],
    ['813912345678', false],
    ['anonymous', true],
  ])('%s is the same everywhere: %s', (raw, same) => {
    expect(two.isSameEverywhere(raw)).toBe(same);
  });
});

describe('what was typed into the search field', () => {
  const search = (q: string, exact: 'true' | 'false' = 'false') => customerSearch({ q, scope: 'all', exact }, reading);

  it('is words, each looked for', () => {
    expect(search('云岭 吴海燕').terms.map((term) => term.text)).toEqual(['云岭', '吴海燕']);
    expect(search('  ').terms).toEqual([]);
    expect(search('a b c d e f g').terms).toHaveLength(5);
  });

  it('is one number, blanks and all', () => {
    expect(search('139 1234 5678').terms).toEqual([
      { text: '139 1234 5678', keys: expect.arrayContaining(['+8613912345678']), digits: '13912345678' },
    ]);
    expect(search('(020) 8888-0001').terms).toHaveLength(1);
    expect(search('云岭 13912345678').terms.map((term) => term.digits)).toEqual([null, '13912345678']);
    expect(search('12').terms).toEqual([{ text: '12', keys: [], digits: null }]);
    expect(search('000').terms).toEqual([{ text: '000', keys: [], digits: null }]);
  });

  it('is one whole when it must be exact', () => {
    expect(search('Acme Ltd', 'true').terms.map((term) => term.text)).toEqual(['acme ltd']);
  });
});
