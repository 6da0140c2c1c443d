/**
 * `npm test` and `npm run check`: everything that must be true, on a machine that may have nothing yet.
 *
 *   node test/run.mjs [--quick] [--only PROJECT[,PROJECT]] [jest arguments …]
 *
 * Needs no package itself: it installs them first. Ends with `N passed, N failed`, counting every test case run, the type check and the lint.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureDependencies, sentenceOf } from '../cti-gateway/launch/bootstrap.mjs';
import { ensureBrowser } from './support/ensure-browser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

const QUICK = ['unit', 'panel', 'architecture', 'replay'];
const FULL = [...QUICK, 'integration', 'e2e'];
/** These start servers and telephones, and wait for them most of the time. A browser needs both of two cores: one file at a time. */
const WORKERS = { integration: '--maxWorkers=2', e2e: '--runInBand' };

const tally = { passed: 0, failed: 0 };
const count = (passed, failed) => {
  tally.passed += passed;
  tally.failed += failed;
};

function parseArguments(argv) {
  const quick = argv.includes('--quick');
  const at = argv.indexOf('--only');
  const only = at >= 0 ? argv[at + 1].split(',') : null;
  const rest = argv.filter((argument, index) => argument !== '--quick' && (at < 0 || (index !== at && index !== at + 1)));
  return { projects: only ?? (quick ? QUICK : FULL), checks: only === null, rest };
}

/** A step that is one case: a command that succeeds or does not. */
function check(title, command, args) {
  console.log(`\n— ${title}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  count(status === 0 ? 1 : 0, status === 0 ? 0 : 1);
}

/** A test waits for what it expects, not for a clock; the limits only end what hangs, also on a busy machine. */
const TIMEOUT_MS = { fast: 30_000, slow: 90_000 };

function jest(projects, extra, workers) {
  console.log(`\n— ${projects.join(', ')}`);
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-test-')), 'report.json');
  const args = [bin('jest'), '-c', 'test/jest.config.cjs', '--selectProjects', ...projects, ...workers, '--json', `--outputFile=${report}`, ...extra];
  // Results go to stderr and the file; the JSON that --json also prints on stdout is not wanted here.
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const result = JSON.parse(fs.readFileSync(report, 'utf8'));
    // A file that could not even be loaded has run no case and is still a failure.
    const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    count(result.numPassedTests, result.numFailedTests + broken);
    if (status !== 0 && result.numFailedTests + broken === 0) count(0, 1);
  } catch {
    count(0, 1);
  } finally {
    fs.rmSync(path.dirname(report), { recursive: true, force: true });
  }
}

/** Asterisk and SIPp, had before any test's time runs; where they cannot be had, the tests that need them say why. */
async function ensureTelephony() {
  const { ensureAsterisk } = createRequire(import.meta.url)('../.build/cti-gateway/launch/asterisk/distribution.js');
  const say = (text) => console.log(text);
  try {
    const { sipp } = await ensureAsterisk({ say });
    if (sipp === null) await ensureAsterisk({ say, privateOnly: true });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

async function main() {
  const { projects, checks, rest } = parseArguments(process.argv.slice(2));
  await ensureDependencies();
  // Without a browser all the rest can still be true; the tests that need one count as one that failed.
  const noBrowser = projects.includes('e2e') ? await ensureBrowser() : null;
  const slow = projects.filter((project) => project in WORKERS && !(project === 'e2e' && noBrowser !== null));
  const fast = projects.filter((project) => !(project in WORKERS));

  if (checks) {
    check('types: services and tests', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']);
    check('types: panel', bin('vue-tsc'), ['-p', 'agent-panel/tsconfig.json', '--noEmit']);
    check('lint', bin('eslint'), ['-c', 'test/lint/eslint.config.mjs', '--max-warnings', '0', 'cti-gateway', 'crm-core', 'agent-panel', 'test']);
  }
  if (fast.length > 0) jest(fast, rest, ['--maxWorkers=100%', `--testTimeout=${TIMEOUT_MS.fast}`]);
  if (slow.length > 0) {
    await ensureBuilt();
    await ensureTelephony();
    for (const project of slow) jest([project], rest, [WORKERS[project], `--testTimeout=${TIMEOUT_MS.slow}`]);
  }
  if (noBrowser !== null) {
    console.error(`\n${noBrowser}`);
    count(0, 1);
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

await main().catch((error) => {
  console.error(sentenceOf(error));
  console.log(`\n${tally.passed} passed, ${tally.failed + 1} failed`);
  process.exitCode = 1;
});
