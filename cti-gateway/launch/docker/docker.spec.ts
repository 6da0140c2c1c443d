import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agentsFromConfig, agentsToConfig } from '../agents';
import { renderTree } from '../asterisk/render';
import { pbxValues, planPbx } from '../pbx-plan';

const root = resolve(__dirname, '../../..');
const dialplans = join(root, 'dialplans');
const entrypoint = join(dialplans, 'docker/entrypoint.sh');

/** The container renders by a shell script what the launcher renders by TypeScript: both must write the same. */
describe('the container of Asterisk', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'docker-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const settings = {
    AMI_SECRET: 'a', AMI_FEED_SECRET: 'b', ARI_PASSWORD: 'c', AMI_PERMIT: '127.0.0.0/255.0.0.0', TRUNK_HOST: '127.0.0.2', MEDIA_ADDRESS: '192.0.2.1',
    OUTBOUND_LINE: '02066668888', OUTBOUND_AREA: '20', AMI_BIND: '127.0.0.1', AMI_PORT: '5038', HTTP_BIND: '127.0.0.1', HTTP_PORT: '8088',
    SIP_BIND: '127.0.0.1', SIP_PORT: '5060', RTP_END: '29999', TRUNK_QUALIFY_SECONDS: '0', DESK_QUALIFY_SECONDS: '0',
  };
  const render = (env: Record<string, string>) =>
    spawnSync('sh', [entrypoint, 'render'], { encoding: 'utf8', env: { PATH: process.env.PATH ?? '', BASE: join(dir, 'base'), PHONES: join(dir, 'phones'), MODULES: '/modules', DATA: dir, ...env } });

  it('gets the same configuration from the same values', () => {
    expect(render(settings)).toMatchObject({ status: 0, stderr: '' });
    const passwords = new Map(readFileSync(join(dir, 'phones/passwords'), 'utf8').trim().split('\n').map((line) => line.split(' ') as [string, string]));
    const options = { dir, mediaAddress: '192.0.2.1', trunk: { host: '127.0.0.2', port: 5060 }, passwordOf: (extension: string) => passwords.get(extension) ?? '' };
    const plan = { ...planPbx(options, dialplans), secrets: { ami: 'a', feed: 'b', ari: 'c' } };
    const values = { ...pbxValues(options, plan, { ami: 5038, http: 8088, sip: 5060 }), BASE: join(dir, 'base'), RUN_DIR: join(dir, 'base/run'), MODULES: '/modules' };
    const phones = Object.fromEntries([...passwords].map(([extension, password]) => [`PHONE_PASSWORD_${extension}`, password]));
    renderTree(dialplans, join(dir, 'ours'), { values: { ...values, ...phones } });
    expect(filesOf(join(dir, 'base/etc'))).toEqual(filesOf(join(dir, 'ours')));
  });

  it('keeps the passwords of telephones and hands them to the gateway', () => {
    render(settings);
    const first = readFileSync(join(dir, 'phones/phones.json'), 'utf8');
    render(settings);
    expect(readFileSync(join(dir, 'phones/phones.json'), 'utf8')).toBe(first);
    const agents = agentsFromConfig(readFileSync(join(dialplans, 'agents.conf'), 'utf8'), () => '');
    expect(Object.keys(JSON.parse(first) as object)).toEqual(agents.map((agent) => agent.extension));
    expect(agentsToConfig(agents)).toContain('[1001](browser-phone)');
  });

  it('names a value that is missing', () => {
    expect(render({ ...settings, TRUNK_HOST: '' })).toMatchObject({ status: 1, stderr: 'entrypoint: TRUNK_HOST must be set\n' });
  });

  it('names every wrong value at once and writes nothing', () => {
    const wrong = {
      OPEN_HOURS: '9-18, weekdays', VOICEMAIL: 'maybe', BLOCKED_CALLERS: 'foo', PARK_SECONDS: 'soon', QUEUE_RING_SECONDS: 'abc', TRUNK_PORT: 'xx', AMI_PORT: '70000',
      SIP_PORT: '0', QUEUE_STRATEGY: 'fair', OUTBOUND_AREA: '7', OUTBOUND_LINE: '+8620', AMI_PERMIT: 'everybody', LOCAL_NET: '172.30.77.0/24\nbind = 0.0.0.0', AMI_USER: 'a]b',
      MEDIA_ADDRESS: '192.0.2.1 ; x', TRUNK_MATCH: '192.0.2.1,', TRANSFER_RING_SECONDS: '-1',
    };
    const { status, stderr } = render({ ...settings, ...wrong });
    expect(status).toBe(1);
    expect(namesIn(stderr)).toEqual(Object.keys(wrong).sort());
    expect(stderr).toContain('PARK_SECONDS must be a whole number from 1 to 86400, not "soon"');
    expect(existsSync(join(dir, 'base'))).toBe(false);
  });

  it.each([
    ['a line break', 'x\nwrite = all'], ['the beginning of a comment', 'x;y'], ['a space', 'x y'], ['a backslash', 'x\\y'], ['a carriage return', 'x\ry'],
  ])('takes no secret with %s, and does not repeat it', (_, secret) => {
    const { status, stderr } = render({ ...settings, AMI_SECRET: secret, AMI_FEED_SECRET: secret, ARI_PASSWORD: secret });
    expect(status).toBe(1);
    expect(namesIn(stderr)).toEqual(['AMI_FEED_SECRET', 'AMI_SECRET', 'ARI_PASSWORD']);
    expect(stderr).not.toContain(secret);
    expect(existsSync(join(dir, 'base'))).toBe(false);
  });

  it('takes what may be said otherwise: an area code with its 0, several networks, hours, a name for the trunk', () => {
    const other = { OUTBOUND_AREA: '0755', TRUNK_MATCH: '192.0.2.1, 198.51.100.0/24', AMI_PERMIT: '172.30.77.0/255.255.255.0,10.0.0.0/8', TRUNK_HOST: 'sip.example.cn', OPEN_HOURS: '08:30-12:00,mon&wed-fri,1-15,jan-jun' };
    expect(render({ ...settings, ...other, AMI_SECRET: 'p@$&#!"\'=[x]' })).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(dir, 'base/etc/extensions.conf'), 'utf8')).toContain('OUTBOUND_AREA = 755\n');
    expect(readFileSync(join(dir, 'base/etc/manager.conf'), 'utf8')).toContain('secret = p@$&#!"\'=[x]\n');
  });

  it('checks the public network as well', () => {
    const { status, stderr } = render({ ROLE: 'carrier', ARI_PASSWORD: 'c\nread_only = no', MEDIA_ADDRESS: 'x y', HOTLINE_HOST: '', HOTLINE_MATCH: '172.30.77.10', TALK_SECONDS: '1m' });
    expect(status).toBe(1);
    expect(namesIn(stderr)).toEqual(['ARI_PASSWORD', 'HOTLINE_HOST', 'MEDIA_ADDRESS', 'TALK_SECONDS']);
    expect(render({ ...settings, ROLE: 'pbx' }).stderr).toBe('entrypoint: ROLE must be hotline or carrier, not "pbx"\n');
  });

  it('writes the channel event log where the gateway reads it, and takes along what was written before', () => {
    const cel = join(dir, 'cel');
    render(settings);
    const own = join(dir, 'base/log/cel-custom');
    writeFileSync(join(own, 'calls.csv'), 'before');
    expect(render({ ...settings, CEL: cel })).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cel, 'calls.csv'), 'utf8')).toBe('before');
    writeFileSync(join(own, 'calls.csv'), 'after');
    expect(render({ ...settings, CEL: cel })).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cel, 'calls.csv'), 'utf8')).toBe('after');
  });

  it('plays the public network as well', () => {
    const result = render({ ROLE: 'carrier', ARI_PASSWORD: 'c', MEDIA_ADDRESS: '172.30.77.20', HOTLINE_HOST: '172.30.77.10', HOTLINE_MATCH: '172.30.77.10' });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(dir, 'base/etc/pjsip.conf'), 'utf8')).toContain('contact = sip:172.30.77.10:5060');
    expect(existsSync(join(dir, 'base/etc/queues.conf'))).toBe(false);
  });
});

function namesIn(stderr: string): string[] {
  return [...stderr.matchAll(/^entrypoint: (\w+) must/gm)].map((match) => match[1] ?? '').sort();
}

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.conf')).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
