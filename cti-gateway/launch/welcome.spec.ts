import { welcome, type WelcomeFacts } from './welcome';

const agent = { extension: '1002', phone: 'desk', name: 'x', password: 'pw' };
const base = {
  services: { panelUrl: 'http://127.0.0.1:8080', crm: { logFile: '/data/logs/crm-core.log' } },
  secrets: { demoPassword: 'the-demo-password' },
  standing: { asterisk: true, demoUsers: true, admin: false },
  settings: { demo: true, external: null, sipHost: '127.0.0.1', mediaAddress: null },
  pbx: { agents: [agent], sip: { host: '127.0.0.1', port: 5060 } },
  carrier: null,
  lines: [],
  seconds: 1,
};
const said = (facts: object): string => welcome({ ...base, ...facts } as unknown as WelcomeFacts);

describe('what a person reads when everything is up', () => {
  it('has the sign-ins of the demo when they work', () => {
    expect(said({})).toMatch(/zhuguan[^]*the-demo-password/);
    expect(said({})).not.toContain('does not answer');
  });

  it('promises no sign-in that does not work', () => {
    const other = said({ standing: { asterisk: true, demoUsers: false, admin: false } });
    expect(other).not.toContain('the-demo-password');
    expect(other).toContain('another password');
  });

  it('tells how to get in without the demo', () => {
    expect(said({ standing: { asterisk: true, demoUsers: false, admin: false }, settings: { ...base.settings, demo: false } })).toContain(
      'HOTLINE_ADMIN_PASSWORD=',
    );
  });

  it('says that Asterisk does not answer', () => {
    const external = { ASTERISK_AMI_HOST: 'pbx.example', ASTERISK_AMI_PORT: '5039' };
    expect(said({ standing: { asterisk: false, demoUsers: true, admin: false }, settings: { ...base.settings, external } })).toContain(
      'Asterisk at pbx.example:5039 does not answer yet',
    );
  });

  it('gives desk phones an address they can reach', () => {
    expect(said({})).toContain('SIP 127.0.0.1:5060');
    expect(said({ settings: { ...base.settings, sipHost: '0.0.0.0' } })).not.toContain('0.0.0.0');
    expect(said({ settings: { ...base.settings, sipHost: '192.0.2.7' } })).toMatch(/192\.0\.2\.7:5060[^]*HOTLINE_MEDIA_ADDRESS/);
  });
});
