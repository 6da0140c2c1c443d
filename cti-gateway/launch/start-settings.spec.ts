import { createServer } from 'node:net';
import { bindFault } from './asterisk/ports';
import { demandStartSettings, phoneKindOf, readStartSettings } from './start-settings';

const settingsOf = (env: NodeJS.ProcessEnv) => readStartSettings(env).settings;
const problemsOf = (env: NodeJS.ProcessEnv) => readStartSettings(env).problems.join('\n');

describe('settings of npm start', () => {
  it('has defaults', async () => {
    expect(await demandStartSettings({})).toEqual({
      host: '127.0.0.1',
      ctiHost: '127.0.0.1',
      panelPort: 8080,
      ctiPort: 8081,
      sipHost: '127.0.0.1',
      sipPort: null,
      mediaAddress: null,
      ringSeconds: null,
      openHours: null,
      deskPhones: [],
      dataDir: null,
      demo: true,
      external: null,
    });
  });

  it('names every wrong value at once, those of the services as well, each once', async () => {
    const wrong = {
      HOTLINE_PORT: 'abc',
      HOTLINE_WRAPUP_SECONDS: 'x',
      DATABASE_URL: 'foo',
      HOTLINE_LOG_LEVEL: 'loud',
      HOTLINE_DESK_PHONES: '1001;1002',
      HOTLINE_DEMO: 'false',
      HOTLINE_DEMO_PASSWORD: 'short',
      HOTLINE_HOST: 'no such host',
      HOTLINE_SIP_HOST: 'nonsense',
      HOTLINE_MEDIA_ADDRESS: 'non sense',
    };
    const message = await demandStartSettings(wrong).then(
      () => '',
      (error: Error) => error.message,
    );
    const named = message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(' ')[0]);
    expect(named.sort()).toEqual(Object.keys(wrong).sort());
  });

  it('wants two ports', () => {
    expect(problemsOf({ HOTLINE_PORT: '9000', HOTLINE_CTI_PORT: '9000' })).toContain('must differ');
    expect(problemsOf({ HOTLINE_CTI_PORT: '70000' })).toContain('HOTLINE_CTI_PORT');
  });

  it('takes empty variables for absent ones', async () => {
    expect(await demandStartSettings({ HOTLINE_DATA_DIR: '', HOTLINE_DEMO: '', HOTLINE_PORT: '', HOTLINE_OPEN_HOURS: '' })).toEqual(
      settingsOf({}),
    );
  });

  it('has no demo only where that is said', () => {
    expect([settingsOf({ HOTLINE_DEMO: '0' }).demo, settingsOf({ HOTLINE_DEMO: '1' }).demo]).toEqual([false, true]);
  });

  it('uses an Asterisk that is named, when all that is needed is named', () => {
    expect(
      settingsOf({ ASTERISK_AMI_HOST: 'pbx', ASTERISK_AMI_SECRET: 's', ASTERISK_ARI_PASSWORD_FILE: '/run/secrets/ari' }).external,
    ).toEqual({
      ASTERISK_AMI_HOST: 'pbx',
      ASTERISK_AMI_SECRET: 's',
    });
    expect(problemsOf({ ASTERISK_AMI_HOST: 'pbx' })).toContain('ASTERISK_AMI_SECRET, ASTERISK_ARI_PASSWORD');
    expect(problemsOf({ ASTERISK_SIP_WS_URL: 'ws://pbx/ws' })).toContain('ASTERISK_AMI_SECRET, ASTERISK_ARI_PASSWORD');
  });

  it('refuses what belongs to another Asterisk than the one it brings up', () => {
    expect(problemsOf({ HOTLINE_PHONES_FILE: '/phones.json' })).toContain('HOTLINE_PHONES_FILE');
    expect(problemsOf({ HOTLINE_PHONES_FILE: '/phones.json', ASTERISK_AMI_SECRET: 's', ASTERISK_ARI_PASSWORD: 'p' })).toBe('');
  });

  it('gives desk phones to whom they are named for', () => {
    const settings = settingsOf({ HOTLINE_DESK_PHONES: '1002, 1003' });
    expect(['1001', '1002', '1003'].map((extension) => phoneKindOf(settings, extension, 'browser'))).toEqual(['browser', 'desk', 'desk']);
  });
});

describe('why nothing can listen at an address', () => {
  it('is told apart', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expect(await bindFault('127.0.0.1', port)).toBe('EADDRINUSE');
    expect(await bindFault('192.0.2.1')).toBe('EADDRNOTAVAIL');
    server.close();
    expect(await bindFault('127.0.0.1')).toBeNull();
  });
});
