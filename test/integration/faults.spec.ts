import fs from 'node:fs';
import { table } from '../faults/main';
import { runFaults } from '../faults/faults-run';

jest.setTimeout(180_000);

/** The short form of `npm run test:faults`: real calls while processes are killed. The seed of a failure is in its message. */
it('no call is lost, doubled or wrong while the gateway, crm-core and Asterisk are killed', async () => {
  const seed = Number(process.env.HOTLINE_TEST_SEED ?? Math.floor(Math.random() * 1_000_000));
  const said: string[] = [];
  const report = await runFaults({ seed, calls: 40, killEveryMs: [4_000, 9_000], say: (line) => said.push(line) });
  if (report.findings.length > 0) throw new Error(`${said.join('\n')}\n${table(report, seed)}`);
  expect(report.kills.length).toBeGreaterThan(1);
  expect(report.placed).toBeGreaterThan(25);
  expect(report.rows).toBeGreaterThanOrEqual(report.placed);
  fs.rmSync(report.dir, { recursive: true, force: true });
});
