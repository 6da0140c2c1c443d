import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSecret, typablePassword } from './secrets';

/** Secrets of this checkout's own installation, made on the first start and kept in `.run/secrets.json` (mode 600). */
export interface DemoSecrets {
  readonly internal: string;
  readonly gatewayToken: string;
  /** Password of every user of the demo data. */
  readonly demoPassword: string;
  /** Passwords of telephones, by extension. */
  readonly phones: Record<string, string>;
}

/** As crm-core demands it. */
const SHORTEST_PASSWORD = 10;

/** `demoPassword` counts on the first start only: later the database has it already. One that no database could have taken does not count. */
export function loadDemoSecrets(runDir: string, demoPassword?: string): DemoSecrets {
  const saved = savedSecrets(runDir);
  if (saved !== null && saved.demoPassword.length >= SHORTEST_PASSWORD) return saved;
  const fresh = {
    internal: randomSecret(36),
    gatewayToken: randomSecret(36),
    phones: {},
    ...saved,
    demoPassword: demoPassword ?? typablePassword(),
  };
  saveDemoSecrets(runDir, fresh);
  return fresh;
}

/** A secret as the services read it: `name`, or what stands in the file that `name`_FILE names. */
export function givenSecret(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`]?.trim();
  if (file) return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  return env[name]?.trim() || undefined;
}

/** Whole or not at all, and only when something is new in it. */
export function saveDemoSecrets(runDir: string, secrets: DemoSecrets): void {
  const text = `${JSON.stringify(secrets, null, 2)}\n`;
  const file = fileIn(runDir);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function savedSecrets(runDir: string): DemoSecrets | null {
  const file = fileIn(runDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets) : null;
}

function fileIn(runDir: string): string {
  return join(runDir, 'secrets.json');
}
