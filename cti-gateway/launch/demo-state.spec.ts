import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDemoSecrets } from './demo-secrets';
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
    const first = loadDemoSecrets(dir, 'given');
    expect(first.demoPassword).toBe('given');
    expect(first.internal.length).toBeGreaterThanOrEqual(32);
    expect(loadDemoSecrets(dir, 'another')).toEqual(first);
  });

  it('can be claimed again after a start that was killed', () => {
    writeFileSync(join(dir, 'start.pid'), String(2 ** 22 + 1));
    const release = claimCheckout(dir);
    release();
    release();
  });
});
