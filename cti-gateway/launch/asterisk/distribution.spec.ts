import { supportedVersion, wantedModules } from './distribution';

describe('supportedVersion', () => {
  it.each([
    ['Asterisk 22.10.1+dfsg+~cs6.17-1', '22.10.1'],
    ['Asterisk 18.26.4\n', '18.26.4'],
    ['Asterisk certified/20.7-cert6', '20.7'],
    ['Asterisk certified-18.9-cert14', '18.9'],
    ['Asterisk 16.28.0', null],
    ['Asterisk 23.1.0', null],
    ['Asterisk GIT-master', null],
    ['', null],
  ])('%s', (output, version) => expect(supportedVersion(output)).toBe(version));
});

describe('wantedModules', () => {
  it('reads what is loaded, not what is commented out', () => {
    expect(wantedModules('[modules]\nautoload = no\nload = app_dial.so\n; load = app_system.so\nload => chan_pjsip.so\n')).toEqual(['app_dial.so', 'chan_pjsip.so']);
  });
});
