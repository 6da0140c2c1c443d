import fs from 'node:fs';
import { runFaults } from '../faults/faults-run';
import { table } from '../faults/main';

jest.setTimeout(180_000);

/** `npm run test:faults` in short: a dozen real calls, and each part of the hotline killed or cut once meanwhile. */
describe('nothing is lost', () => {
  it('while gateway, crm-core, Asterisk and the links between them fall one after another', async () => {
    const seed = Number(process.env.HOTLINE_TEST_SEED ?? 20_261_121);
    const victims = ['gateway', 'AMI link', 'asterisk', 'crm-core', 'gateway'] as const;
    const report = await runFaults({ seed, calls: 14, victims, killEveryMs: [1_500, 3_000], downMs: [0, 1_500], say: () => undefined });
    const told = table(report, seed);
    expect({ findings: report.findings, told }).toEqual({ findings: [], told });
    expect(report.kills).toHaveLength(victims.length);
    expect(report.placed).toBeGreaterThan(8);
    fs.rmSync(report.dir, { recursive: true, force: true });
  });
});
