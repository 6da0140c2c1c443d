import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDurably } from '../../cti-gateway/src/adapters/journal/durable-file';
import { startHarness, until, type Harness } from './gateway-harness';

let h: Harness;
afterEach(() => h.close());

const folder = (name: string): string[] => readdirSync(path.join(h.dataDir, 'journal', name));

/** A whole call, answered or not by the CRM. */
function call(callId: string): void {
  h.pbx.callIn({ callId, number: '13912345678' });
  h.pbx.answer(callId, h.pbx.ring(callId, '1001'));
  h.pbx.end(callId, 16, 'peer');
}

async function deadCrm(): Promise<void> {
  await h.crm.stop();
  await until(() => {
    h.clock.advance(5_000);
    return true;
  });
}

// Its files are written through to the disk, which may be busy.
jest.setTimeout(20_000);

describe('the journal', () => {
  it('keeps finished calls through a dead CRM and a restart, and delivers each', async () => {
    h = await startHarness();
    await deadCrm();
    for (let index = 0; index < 25; index += 1) call(`c${index}`);
    await until(() => folder('pending').filter((file) => file.endsWith('.json')).length === 25);
    const panel = await h.panel({ extension: '1001' });
    // Looked at every two seconds; what the panel was told when it came counts as well.
    const told = (): number | undefined => [...panel.of('session.started'), ...panel.of('health.changed')].at(-1)?.health.journalBacklog;
    for (let look = 0; look < 5 && told() !== 25; look += 1) {
      h.clock.advance(2_000);
      await panel.settle();
    }
    expect(told()).toBe(25);
    await h.restart();
    await h.crm.start();
    await until(() => {
      h.clock.advance(1_000);
      return h.crm.rows.size === 25;
    });
    await until(() => folder('pending').length === 0);
    expect([...h.crm.rows.keys()].sort()).toEqual(Array.from({ length: 25 }, (_, index) => `c${index}`).sort());
  });

  it('tells the agents of a call when the call log has it, not before, and nobody else', async () => {
    h = await startHarness();
    await deadCrm();
    const [one, other] = [await h.panel({ extension: '1001' }), await h.panel({ extension: '1002' })];
    call('c1');
    await one.event('call.ended');
    await until(() => folder('pending').length === 1);
    await one.settle();
    expect(one.of('call.logged')).toEqual([]);
    await h.crm.start();
    await until(() => {
      h.clock.advance(1_000);
      return h.crm.rows.has('c1');
    });
    expect(await one.event('call.logged')).toEqual({ callId: 'c1' });
    await other.settle();
    expect(other.of('call.logged')).toEqual([]);
  });

  it('keeps a row that something else than crm-core has answered for', async () => {
    h = await startHarness();
    await until(() => h.crm.requests.length > 0);
    h.crm.mode = 'garbage';
    call('c1');
    await until(() => h.crm.requests.some((request) => request.startsWith('PUT')));
    await until(() => folder('pending').length === 1);
    h.crm.mode = 'well';
    await until(() => {
      h.clock.advance(1_000);
      return h.crm.rows.has('c1') && folder('pending').length === 0;
    });
  });

  it('puts a file that cannot be read aside and delivers the others; half-written ones are swept', async () => {
    h = await startHarness();
    await deadCrm();
    call('c1');
    call('c2');
    await until(() => folder('pending').length === 2);
    await h.gateway.close();
    const pending = path.join(h.dataDir, 'journal', 'pending');
    writeFileSync(path.join(pending, '1700000000000-c0.json'), '{"callId": "c0", trunc');
    writeFileSync(path.join(pending, 'note.txt'), 'not ours');
    writeFileSync(path.join(pending, 'c3.json.tmp'), '{"callId"');
    await h.crm.start();
    await h.restart();
    await until(() => h.crm.rows.size === 2);
    await until(() => folder('pending').length === 0);
    expect(folder('corrupt').sort()).toEqual(['1700000000000-c0.json', 'note.txt']);
  });

  it('keeps a refused row aside with the reason and goes on', async () => {
    h = await startHarness();
    h.crm.mode = 'refuses_rows';
    call('bad');
    await until(() => folder('refused').length === 1);
    h.crm.mode = 'well';
    call('good');
    await until(() => h.crm.rows.has('good'));
    expect(folder('refused')).toEqual([expect.stringMatching(/^\d{13}-bad\.json$/)]);
    await until(() => folder('pending').length === 0);
  });

  it('goes on behind a row that crm-core stumbles over, keeps it over a restart, and delivers it in the end', async () => {
    h = await startHarness();
    await deadCrm();
    h.crm.stumblesOver.add('bad');
    for (const callId of ['bad', 'good1', 'good2']) call(callId);
    await until(() => folder('pending').filter((file) => file.endsWith('.json')).length === 3);
    await h.crm.start();
    const allBut = async (): Promise<void> => {
      await until(() => {
        h.clock.advance(1_000);
        return folder('pending').length === 1;
      });
      expect(folder('pending')).toEqual([expect.stringMatching(/-bad\.json$/)]);
    };
    await allBut();
    expect([...h.crm.rows.keys()].sort()).toEqual(['good1', 'good2']);
    await h.restart();
    const panel = await h.panel({ extension: '1001' });
    const tries = (): number => h.crm.requests.filter((request) => request === 'PUT /api/v1/calls/bad').length;
    const before = tries();
    await until(() => {
      h.clock.advance(1_000);
      return tries() > before + 3;
    });
    call('good3');
    await until(() => h.crm.rows.has('good3'));
    await allBut();
    const told = () => [...panel.of('session.started'), ...panel.of('health.changed')].map(({ health }) => health);
    await until(() => {
      h.clock.advance(1_000);
      return told().at(-1)?.crm === 'up' && told().at(-1)?.journalBacklog === 1;
    });
    expect(told().some(({ crm }) => crm === 'down')).toBe(false);
    h.crm.stumblesOver.clear();
    await until(() => {
      h.clock.advance(5_000);
      return folder('pending').length === 0;
    });
    expect(h.crm.deliveries.get('bad')).toBe(1);
    expect(folder('refused')).toEqual([]);
  });

  it('on a full disk lets agents work on, says so, delivers from memory, and writes when there is room', async () => {
    let full = true;
    const write = (file: string, content: string): Promise<void> =>
      full ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })) : writeDurably(file, content);
    h = await startHarness({ journalFiles: { write } });
    const panel = await h.panel({ extension: '1001' });
    call('c1');
    await panel.event('call.ended');
    await until(() => h.crm.rows.has('c1'));
    await deadCrm();
    call('c2');
    expect((await panel.event('call.ended', ({ call: { callId } }) => callId === 'c2')).call.outcome).toBe('answered');
    await until(() => {
      h.clock.advance(2_000);
      return panel.of('health.changed').some(({ health }) => health.journalBacklog === 1);
    });
    expect(folder('pending')).toEqual([]);
    full = false;
    await until(() => {
      h.clock.advance(1_000);
      return folder('pending').some((file) => file.endsWith('-c2.json'));
    });
    await h.crm.start();
    await until(() => {
      h.clock.advance(1_000);
      return h.crm.rows.has('c2');
    });
    expect(h.crm.deliveries.get('c1')).toBe(1);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it : it.skip)('survives a disk that is really full', async () => {
    h = await startHarness();
    const mount = path.join(h.dataDir, 'small');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      return; // not allowed to mount here
    }
    try {
      writeFileSync(path.join(mount, 'fill'), Buffer.alloc(60 * 1024));
      await expect(writeDurably(path.join(mount, 'row.json'), 'x'.repeat(8_192))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(mount)).toEqual(['fill']);
    } finally {
      execFileSync('umount', [mount]);
    }
  });

  it('delivers a call once although the answer was lost and it had to be sent again', async () => {
    h = await startHarness();
    h.crm.mode = 'error';
    call('c1');
    await until(() => h.crm.requests.some((request) => request.startsWith('PUT')));
    h.crm.mode = 'well';
    await until(() => {
      h.clock.advance(1_000);
      return h.crm.rows.size === 1;
    });
    await until(() => folder('pending').length === 0);
    expect(h.crm.deliveries.get('c1')).toBe(1);
  });
});
