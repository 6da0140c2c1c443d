import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenSecret, loadDemoSecrets, saveDemoSecrets } from './demo-secrets';
import { claimCheckout, readDemoState, writeDemoState } from './demo-state';

describe('what a start leaves for others', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'demo-state-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('is not believed when its process is gone or is no launcher', () => {
    expect(readDemoState(dir)).toBeNull();
    writeDemoState(dir, { pid: 2 ** 22 + 1, panelUrl: 'http://x', carrierUrl: null, lines: [] });
    expect(readDemoState(dir)).toBeNull();
    writeDemoState(dir, { pid: process.pid, panelUrl: 'http://x', carrierUrl: null, lines: [] });
    expect(readDemoState(dir)).toBeNull();
  });

  it('is for its owner only', () => {
    writeDemoState(dir, { pid: 1, panelUrl: 'http://x', carrierUrl: 'http://demo:secret@127.0.0.1:1/ari', lines: [] });
    loadDemoSecrets(dir);
    for (const name of ['demo.json', 'secrets.json']) expect(statSync(join(dir, name)).mode & 0o077).toBe(0);
  });

  it('keeps its secrets from start to start', () => {
    const first = loadDemoSecrets(dir, 'given-password');
    expect(first.demoPassword).toBe('given-password');
    expect(first.internal.length).toBeGreaterThanOrEqual(32);
    expect(loadDemoSecrets(dir, 'another-password')).toEqual(first);
  });

  it('does not keep a password that no database could have taken', () => {
    const first = loadDemoSecrets(dir);
    saveDemoSecrets(dir, { ...first, demoPassword: 'short' });
    expect(loadDemoSecrets(dir, 'long-enough-now')).toEqual({ ...first, demoPassword: 'long-enough-now' });
  });

  it('writes its secrets whole, and only when something is new in them', () => {
    const secrets = loadDemoSecrets(dir);
    const before = statSync(join(dir, 'secrets.json')).ino;
    saveDemoSecrets(dir, secrets);
    expect(statSync(join(dir, 'secrets.json')).ino).toBe(before);
    saveDemoSecrets(dir, { ...secrets, phones: { 1001: 'x' } });
    expect(statSync(join(dir, 'secrets.json')).ino).not.toBe(before);
    expect(readdirSync(dir)).toEqual(['secrets.json']);
  });

  it('takes the password from a file as the services do', () => {
    writeFileSync(join(dir, 'password'), 'from-a-file\n');
    expect(givenSecret({ HOTLINE_DEMO_PASSWORD: 'given', HOTLINE_DEMO_PASSWORD_FILE: join(dir, 'password') }, 'HOTLINE_DEMO_PASSWORD')).toBe('from-a-file');
    expect(givenSecret({ HOTLINE_DEMO_PASSWORD: '' }, 'HOTLINE_DEMO_PASSWORD')).toBeUndefined();
  });

  it('can be claimed again after a start that was killed', () => {
    writeFileSync(join(dir, 'start.pid'), String(2 ** 22 + 1));
    const release = claimCheckout(dir);
    release();
    release();
  });

  it('is not claimed where nothing can be written', () => {
    expect(() => claimCheckout(join(dir, 'not-there'))).toThrow('ENOENT');
  });
});
