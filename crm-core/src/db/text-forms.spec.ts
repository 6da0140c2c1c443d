import { containing, escapeLike } from './like';
import { newId } from './ids';
import { searchText } from './search-text';

describe('a LIKE pattern', () => {
  it.each([
    ['100%', '100\\%'],
    ['a_b', 'a\\_b'],
    ['[a-z]', '\\[a-z]'],
    ['C:\\dir', 'C:\\\\dir'],
    ['plain 中文', 'plain 中文'],
  ])('of %s means the text itself', (text, pattern) => {
    expect(escapeLike(text)).toBe(pattern);
    expect(containing(text)).toBe(`%${pattern}%`);
  });
});

describe('the form names are searched in', () => {
  it.each([
    ['ＡＢＣ　公司', 'abc 公司'],
    ['  two   blanks ', 'two blanks'],
    ['Straße', 'straße'],
    ['\u0000云\u200b岭\ufeff', '云岭'],
    ['a\r\nb', 'a b'],
    ['㈱', '(株)'],
    ['', ''],
  ])('of %j is %j', (text, form) => {
    expect(searchText(text)).toBe(form);
  });

  it('never gets longer than its column', () => {
    expect(searchText('ﷺ'.repeat(200)).length).toBe(400);
  });
});

describe('an id', () => {
  it('is a UUID of version 7 that begins with its time', () => {
    const ids = [1, 2, 3].map((ms) => newId(1_800_000_000_000 + ms));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.toSorted()).toEqual(ids);
    const sameMoment = Array.from({ length: 500 }, () => newId(1_800_000_000_009));
    expect(sameMoment.toSorted()).toEqual(sameMoment);
  });

  it('is never given twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(0))).size).toBe(10_000);
  });
});
