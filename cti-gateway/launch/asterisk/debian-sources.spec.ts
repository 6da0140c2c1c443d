import { likeliestArchive, mirrorFromIndexTargets, urisOfDeb822, urisOfList } from './debian-sources';

const ADDRESSES = [
  ['a mirror', 'http://mirror.example/debian/'],
  ['a list of mirrors, as cloud images have it', 'mirror+file:/etc/apt/mirrors/debian.list'],
  ['a list of mirrors with an empty host', 'mirror+file:///etc/apt/mirrors/debian.list/'],
  ["a provider's mirror", 'http://mirror.example/debian/packages/'],
  ['a snapshot', 'http://snapshot.example/archive/debian/20261120T000000Z/'],
  ['a proxy that holds copies', 'https://repo.example/artifactory/debian-remote/'],
] as const;

describe('the mirror a machine uses', () => {
  it.each(ADDRESSES)('is found among the index targets of apt: %s', (_, uri) => {
    const output = [
      'http://packages.example/node/|main|. nodistro|. nodistro',
      'http://security.example/debian-security/|main|Debian|Debian-Security',
      'mirror+file:/etc/apt/mirrors/debian-security.list/|main|Debian|Debian-Security',
      `${uri}|contrib|Debian|Debian`,
      `${uri}|main|Debian|Debian`,
    ].join('\n');
    expect(mirrorFromIndexTargets(output)).toBe(uri);
  });

  it('is not any other address', () => {
    expect(mirrorFromIndexTargets('')).toBeNull();
    expect(mirrorFromIndexTargets('http://security.example/debian-security/|main|Debian|Debian-Security')).toBeNull();
  });

  it.each(ADDRESSES)('is found in sources that apt has not read yet: %s', (_, uri) => {
    expect(
      likeliestArchive([
        'https://packages.example/node_22.x',
        'http://security.example/debian-security',
        'mirror+file:///etc/apt/mirrors/debian-security.list',
        uri,
      ]),
    ).toBe(uri);
  });

  it('is rather the one that ends as the archive does than one of another maker', () => {
    expect(likeliestArchive(['https://download.example/linux/debian/12/prod', 'http://mirror.example/debian'])).toBe(
      'http://mirror.example/debian',
    );
    expect(likeliestArchive(['https://packages.example/node_22.x', 'http://security.example/debian-security'])).toBeNull();
  });

  it('is read from one-line sources', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb-src http://s.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib',
    ].join('\n');
    expect(urisOfList(text)).toEqual(['http://mirror.example/debian']);
  });

  it('is read from deb822 sources with comments, several stanzas, several addresses and continued lines', () => {
    const text = [
      'Types: deb',
      'URIs: mirror+file:///etc/apt/mirrors/debian.list',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      '',
      'Enabled: no',
      'Types: deb',
      'URIs: http://off.example/debian',
      'Suites: bookworm',
      'Components: main',
      '',
      '# the mirror',
      'Types: deb deb-src',
      'URIs:',
      ' http://mirror.example/debian/ http://second.example/debian/',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' abc',
    ].join('\n');
    expect(urisOfDeb822(text)).toEqual([
      'mirror+file:///etc/apt/mirrors/debian.list',
      'http://mirror.example/debian/',
      'http://second.example/debian/',
    ]);
  });
});
