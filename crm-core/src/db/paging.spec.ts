import { cutPage, decodeCursor, encodeCursor } from './paging';

describe('cursors', () => {
  const position = { at: new Date('2026-01-02T03:04:05.678Z'), id: 'pbx-1700000000.42' };

  it('come back as they were given', () => {
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it('can be given back in a URL, however long the key', () => {
    const cursor = encodeCursor({ at: new Date('9999-12-31T23:59:59.999Z'), id: 'x'.repeat(150) });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursor.length).toBeLessThanOrEqual(400);
  });

  it('are of moments before 1970 too', () => {
    const early = { at: new Date('1900-01-01T00:00:00.000Z'), id: 'x' };
    expect(decodeCursor(encodeCursor(early))).toEqual(early);
  });

  it.each(['', 'x', '[]', '[1]', '["1","2"]', '[1,2]', '[-1e14,"x"]', '[8.64e15,"x"]', '[1e99,"x"]', '{"at":1}', 'null'])(
    'made of %s are refused',
    (text) => {
      expect(() => decodeCursor(Buffer.from(text).toString('base64url'))).toThrow('bad_cursor');
    },
  );
});

describe('a page', () => {
  const rows = [3, 2, 1].map((n) => ({ at: new Date(n), id: String(n) }));

  it('has a next one when there was a row too many', () => {
    const { items, nextCursor } = cutPage(rows, 2, (row) => row);
    expect(items).toEqual(rows.slice(0, 2));
    expect(decodeCursor(nextCursor ?? '')).toEqual(rows[1]);
  });

  it('is the last when there was not', () => {
    expect(cutPage(rows, 3, (row) => row).nextCursor).toBeNull();
    expect(cutPage([], 3, () => ({ at: new Date(0), id: '' }))).toEqual({ items: [], nextCursor: null });
  });
});
