import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const depcruise = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const rules = path.join(root, 'test/architecture/dependency-rules.cjs');

function cruise(cwd: string, folders: string[]): string[] {
  const args = [depcruise, '--config', rules, '--output-type', 'json', '--no-progress', ...folders];
  let output: string;
  try {
    output = execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(output) as { summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] } };
  expect(summary.totalCruised).toBeGreaterThan(0);
  return summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`);
}

describe('who may import whom', () => {
  it('holds everywhere', () => {
    expect(cruise(root, ['cti-gateway', 'crm-core', 'agent-panel', 'test'])).toEqual([]);
  }, 120_000);

  it('is really checked: a forbidden import is found', () => {
    const sandbox = fs.mkdtempSync(path.join(root, '.build-rules-'));
    try {
      const write = (file: string, text: string) => {
        fs.mkdirSync(path.dirname(path.join(sandbox, file)), { recursive: true });
        fs.writeFileSync(path.join(sandbox, file), text);
      };
      write('tsconfig.json', '{}');
      write('cti-gateway/src/adapters/asterisk/x.ts', 'export const x = 1;');
      write('cti-gateway/src/domain/y.ts', "import { x } from '../adapters/asterisk/x';\nexport const y = x;");
      expect(cruise(sandbox, ['cti-gateway'])).toContain('domain-is-pure: cti-gateway/src/domain/y.ts → cti-gateway/src/adapters/asterisk/x.ts');
    } finally {
      fs.rmSync(sandbox, { recursive: true, force: true });
    }
  }, 60_000);
});

/** Hand-kept list of folders that must not read the environment: each service has one reader, `config.ts`. */
describe('process.env', () => {
  it('is read in config.ts, launch/ and tests only', () => {
    const readers = ['cti-gateway/src', 'crm-core/src', 'crm-core/caller-id', 'agent-panel/src']
      .flatMap((folder) => filesOf(path.join(root, folder)))
      .filter((file) => /\.(ts|vue)$/.test(file) && !file.endsWith('.spec.ts'))
      .filter((file) => fs.readFileSync(file, 'utf8').includes('process.env'))
      .map((file) => path.relative(root, file));
    expect(readers.filter((file) => path.basename(file) !== 'config.ts')).toEqual([]);
  });
});

function filesOf(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
