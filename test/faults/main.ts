import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { VICTIMS } from './chaos';
import { runFaults, type FaultsReport } from './faults-run';

const USAGE = 'usage: npm run test:faults -- [--calls N] [--seed N]\n';

/** `npm run test:faults`: real calls while the gateway, crm-core and Asterisk are killed at random moments. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { calls: { type: 'string', default: '300' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) return void process.stdout.write(USAGE);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
  process.stdout.write(`seed ${seed}, ${values.calls} calls\n`);
  const report = await runFaults({ seed, calls: Number(values.calls), say: (line) => process.stdout.write(`  ${line}\n`) });
  process.stdout.write(table(report, seed));
  if (report.findings.length === 0) fs.rmSync(report.dir, { recursive: true, force: true });
  process.exitCode = report.findings.length === 0 ? 0 : 1;
}

export function table(report: FaultsReport, seed: number): string {
  const count = (kind: string): number => report.findings.filter((finding) => finding.kind === kind).length;
  const kills = VICTIMS.map((victim) => `${victim} ${report.kills.filter((kill) => kill.victim === victim).length}`);
  const rows: [string, string][] = [
    ['calls tried', String(report.tried)],
    ['calls placed', String(report.placed)],
    ['rows', String(report.rows)],
    ['lost', String(count('lost'))],
    ['doubled', String(count('doubled'))],
    ['wrong outcome', String(count('wrong outcome'))],
    ['marked unknown', String(report.unknown)],
    ['outcomes', [...report.outcomes].map(([outcome, number]) => `${outcome} ${number}`).join(', ')],
    ['kills and cuts', kills.join(', ')],
    ['live again, served', figures(report.shownAgain.map(({ sinceServedMs }) => sinceServedMs))],
    ['live again, started', figures(report.shownAgain.map(({ sinceStartedMs }) => sinceStartedMs))],
    ['seed', String(seed)],
  ];
  const findings = report.findings.map(({ kind, callId, what }) => `  ${kind}: ${callId}: ${what}\n`).join('');
  const kept = report.findings.length === 0 ? '' : `everything of this run: ${report.dir}\n`;
  return `\n${rows.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('')}${findings}${kept}`;
}

/** `p50 320 ms, max 740 ms of 14`. */
function figures(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const ms = (time: number | undefined): string => (time === undefined ? '–' : time === Infinity ? 'never' : `${time} ms`);
  return sorted.length === 0 ? '–' : `p50 ${ms(sorted[Math.floor((sorted.length - 1) / 2)])}, max ${ms(sorted.at(-1))} of ${sorted.length}`;
}
