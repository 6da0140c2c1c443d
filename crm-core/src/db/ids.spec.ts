import { newId } from './ids';

describe('ids', () => {
  it('of one moment are sorted as they were made, whatever was made in between', () => {
    const at = 1_790_000_000_000;
    const made = Array.from({ length: 500 }, (_, index) => {
      newId(at + index + 1);
      return newId(at);
    });
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('are UUIDs of version 7 that begin with their time', () => {
    const id = newId(0x0123456789ab);
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
