import { mirrorFromDeb822, mirrorFromIndexTargets, mirrorFromList } from './debian-sources';

describe('the mirror a machine uses', () => {
  it('is found among the index targets of apt, without security, other components and other origins', () => {
    const output = [
      'http://packages.example/node/ main . nodistro',
      'http://mirror.example/debian-security/ main Debian',
      'http://mirror.example/debian/ contrib Debian',
      'http://mirror.example/debian/ main Debian',
    ].join('\n');
    expect(mirrorFromIndexTargets(output)).toBe('http://mirror.example/debian/');
    expect(mirrorFromIndexTargets('')).toBeNull();
  });

  it('is found in one-line sources', () => {
    const text = ['# deb http://old.example/debian bookworm main', 'deb-src http://s.example/debian bookworm main', 'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib'].join('\n');
    expect(mirrorFromList(text)).toBe('http://mirror.example/debian');
    expect(mirrorFromList('deb http://security.example/debian-security bookworm-security main')).toBeNull();
  });

  it('is found in deb822 sources with comments, several stanzas and continued lines', () => {
    const text = [
      'Types: deb',
      'URIs: http://security.example/debian-security',
      'Suites: bookworm-security',
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
      ' http://mirror.example/debian/',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' abc',
    ].join('\n');
    expect(mirrorFromDeb822(text)).toBe('http://mirror.example/debian/');
  });
});
