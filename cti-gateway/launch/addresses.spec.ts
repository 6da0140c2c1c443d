import { reachable, reachableFromOutside, urlHost } from './addresses';

describe('an address of this machine', () => {
  it('is reached where it listens, and every address at one of them', () => {
    expect(['127.0.0.1', '192.0.2.1', '0.0.0.0', '::'].map(reachable)).toEqual(['127.0.0.1', '192.0.2.1', '127.0.0.1', '::1']);
    expect(['0.0.0.0', '::', 'fe80::1'].map(urlHost)).toEqual(['127.0.0.1', '[::1]', '[fe80::1]']);
    expect(reachableFromOutside('192.0.2.1')).toBe('192.0.2.1');
    expect(reachableFromOutside('0.0.0.0')).not.toBe('0.0.0.0');
  });
});
