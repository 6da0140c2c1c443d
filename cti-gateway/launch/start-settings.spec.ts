import { phoneKindOf, readStartSettings } from './start-settings';

describe('settings of npm start', () => {
  it('has defaults', () => {
    expect(readStartSettings({})).toEqual({
      host: '127.0.0.1',
      panelPort: 8080,
      ctiPort: 8081,
      sipHost: '127.0.0.1',
      sipPort: null,
      mediaAddress: null,
      ringSeconds: null,
      openHours: null,
      deskPhones: [],
      external: null,
    });
  });

  it('names every wrong value at once', () => {
    expect(() => readStartSettings({ HOTLINE_PORT: 'x', HOTLINE_CTI_PORT: '70000', HOTLINE_DESK_PHONES: '1001;1002' })).toThrow(
      /HOTLINE_DESK_PHONES.*HOTLINE_PORT.*HOTLINE_CTI_PORT/,
    );
    expect(() => readStartSettings({ HOTLINE_PORT: '9000', HOTLINE_CTI_PORT: '9000' })).toThrow('must differ');
  });

  it.each(['09:00-18:00,mon-fri,*,*', '*,*,*,*', '08:30-12:00,mon&wed&fri,1-15,jan-jun'])('opens the lines at %s', (hours) => {
    expect(readStartSettings({ HOTLINE_OPEN_HOURS: hours }).openHours).toBe(hours);
  });

  it.each(['9-18', '09:00-18:00', '09:00-18:00,mon-fri,*,*)\nexten', '09:00-18:00,weekdays please,*,*'])(
    'does not take %j for hours',
    (hours) => {
      expect(() => readStartSettings({ HOTLINE_OPEN_HOURS: hours })).toThrow('HOTLINE_OPEN_HOURS');
    },
  );

  it('uses an Asterisk that is named, when all that is needed is named', () => {
    expect(
      readStartSettings({ ASTERISK_AMI_HOST: 'pbx', ASTERISK_AMI_SECRET: 's', ASTERISK_ARI_PASSWORD_FILE: '/run/secrets/ari' }).external,
    ).toEqual({ ASTERISK_AMI_HOST: 'pbx', ASTERISK_AMI_SECRET: 's' });
    expect(() => readStartSettings({ ASTERISK_AMI_HOST: 'pbx' })).toThrow('ASTERISK_AMI_SECRET, ASTERISK_ARI_PASSWORD');
  });

  it('gives desk phones to whom they are named for', () => {
    const settings = readStartSettings({ HOTLINE_DESK_PHONES: '1002, 1003' });
    expect(['1001', '1002', '1003'].map((extension) => phoneKindOf(settings, extension, 'browser'))).toEqual(['browser', 'desk', 'desk']);
  });
});
