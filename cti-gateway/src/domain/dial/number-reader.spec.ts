import { NumberReader } from './number-reader';

const reader = (firstLine: string | null, areaCode: string | null = null) => new NumberReader({ areaCode, outsidePrefix: '9', firstLine });
const nobody = (): boolean => false;

describe('numbers as the gateway itself reads them', () => {
  test.each([
    ['by the area of the line the call came in on', reader('02066668888').describe('62345678', '10'), '+861062345678'],
    ['by that of the first line', reader('02066668888').describe('62345678', null), '+862062345678'],
    [
      'by the area that is set, before that of the first line',
      reader('02066668888', '755').forDialling('62345678', nobody),
      '+8675562345678',
    ],
    ['without the outside prefix', reader('02066668888').forDialling('9 139 1234 5678', nobody), '+8613912345678'],
  ])('are read %s', (_, { key }, expected) => {
    expect(key).toBe(expected);
  });

  it('are an extension, whatever else the digits mean, where somebody has it', () => {
    expect(reader('02066668888').forDialling('110', (digits) => digits === '110')).toEqual({ key: 'ext:110', numberClass: 'internal' });
    expect(reader('02066668888').forDialling('110', nobody).numberClass).toBe('service');
  });
});
