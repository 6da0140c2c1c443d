import { parseStoredNumbers, type NumberingOptions } from './index';

const GUANGZHOU: NumberingOptions = { areaCode: '20' };

/** Keys, with the extension after a slash. */
function keys(raw: string | null, options: NumberingOptions = GUANGZHOU): (string | null)[] {
  return parseStoredNumbers(raw, options).map(({ key, extension }) => (extension === null ? key : `${key}/${extension}`));
}

describe('several numbers in a field', () => {
  test.each<[string, string[]]>([
    ['13912345678、13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678,13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678；13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678和13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678 13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678\n13812345678', ['+8613912345678', '+8613812345678']],
    ['13912345678\\13812345678', ['+8613912345678', '+8613812345678']],
    ['138 1234 5678 139 1234 5678', ['+8613812345678', '+8613912345678']],
    ['0755 8234 5678 13912345678', ['+8675582345678', '+8613912345678']],
    ['010-62345678-13912345678', ['+861062345678', '+8613912345678']],
    ['张三13912345678,李四 13812345678;', ['+8613912345678', '+8613812345678']],
    ['M13912345678 T0755-82345678 F0755-82345679', ['+8613912345678', '+8675582345678', '+8675582345679']],
    ['+86-139-1234-5678 / +852-6123 4567', ['+8613912345678', '+85261234567']],
    ['95588 13912345678', ['svc:95588', '+8613912345678']],
    ['13912345678,95588', ['+8613912345678', 'svc:95588']],
    ['13912345678 13912345678 +8613912345678', ['+8613912345678']],
  ])('%s', (raw, expected) => {
    expect(keys(raw)).toEqual(expected);
  });
});

describe('the area code of a number without one', () => {
  test('is that of the number before it', () => {
    const [first, second] = parseStoredNumbers('010-62345678/62345679', GUANGZHOU);
    expect([first?.key, first?.reason]).toEqual(['+861062345678', 'fixed.plain']);
    expect([second?.key, second?.reason]).toEqual(['+861062345679', 'fixed.field_area']);
    expect(second?.alternatives.map(({ key }) => key)).toEqual(['+862062345679']);
  });

  test('is that of the line where the city before it has no such numbers', () => {
    expect(keys('0371-59392570 和 6317710-809', { areaCode: '396' })).toEqual(['+8637159392570', '+863966317710/809']);
  });

  test('is that of the line at the start of a field, and unknown without one', () => {
    expect(keys('62345678；13912345678和010-62345679')).toEqual(['+862062345678', '+8613912345678', '+861062345679']);
    expect(parseStoredNumbers('62345678', { areaCode: null })[0]?.reason).toBe('unknown.no_area_code');
    expect(keys('0755-82345678、82345679', { areaCode: null })).toEqual(['+8675582345678', '+8675582345679']);
  });

  test('is open after a number abroad that fits there too', () => {
    const [, second] = parseStoredNumbers('Tel:+852 6123 4567 / Fax 2345 6789', GUANGZHOU);
    expect([second?.key, second?.reason]).toEqual([null, 'unknown.no_area_code']);
    expect(second?.alternatives.map(({ key }) => key)).toEqual(['+862023456789']);
  });

  test('may stand behind in brackets', () => {
    expect(keys('82345678（0755）')).toEqual(['+8675582345678']);
  });
});

describe('extensions, labels and noise', () => {
  test.each<[string, (string | null)[]]>([
    ['0755-82345678转801', ['+8675582345678/801']],
    ['0755-82345678,801', ['+8675582345678/801']],
    ['0755-82345678(801)', ['+8675582345678/801']],
    ['0755-82345678 801', ['+8675582345678/801']],
    ['0755-82345678,82345679转2', ['+8675582345678', '+8675582345679/2']],
    ['0755-82345678转801、802', ['+8675582345678/801']],
    ['400-820-8820 转 2 / 021-62345678', ['svc:4008208820/2', '+862162345678']],
    ['13912345678;ext=1', ['+8613912345678/1']],
    ['手机：13912345678（王总） 办：0755-82345678-801', ['+8613912345678', '+8675582345678/801']],
    ['13912345678(微信同号)', ['+8613912345678']],
    ['（家）13912345678', ['+8613912345678']],
    ['2023-05-03 回访 13912345678', ['+8613912345678']],
    ['13912345678 8:00-18:00', ['+8613912345678']],
    ['wang8234567@qq.com 13912345678', ['+8613912345678']],
    ['QQ:82345678 13912345678', ['+8613912345678']],
    ["'13912345678", ['+8613912345678']],
    ['13912345678.0', ['+8613912345678']],
    ['1.3912345678E+10', ['+8613912345678']],
    ['1.39E+10', [null]],
    ['139****5678', [null]],
    ['l39l2345678', [null]],
    ['139一2345678', [null]],
    ['138 1234 56789', [null]],
    ['QQ:82345678', [null]],
    ['王总', [null]],
    ['', []],
    ['无', []],
    ['-', []],
  ])('%s', (raw, expected) => {
    expect(keys(raw)).toEqual(expected);
  });

  test('no field, no numbers', () => expect(keys(null)).toEqual([]));

  test('last digits in place of a number are never more than maybe', () => {
    const [, second] = parseStoredNumbers('0755-82345678/79', GUANGZHOU);
    expect(second).toMatchObject({ key: null, reason: 'unknown.shorthand', alternatives: [{ key: '+8675582345679' }] });
  });

  test('a number of a delivery platform is marked', () => {
    expect(parseStoredNumbers('17012345678转1234', GUANGZHOU)).toMatchObject([{ key: '+8617012345678', extension: '1234', privacy: true }]);
  });

  test('an internal context makes no extension of a stored number', () => {
    expect(parseStoredNumbers('8001', { areaCode: '20', context: 'internal', internalPattern: '8\\d{3}' })[0]?.numberClass).toBe('unknown');
  });
});
