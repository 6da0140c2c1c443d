import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

/** `demoPassword` counts on the first start only: later the database has it already. */
export function loadDemoSecrets(runDir: string, demoPassword?: string): DemoSecrets {
  const file = join(runDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  const secrets: DemoSecrets = { internal: randomSecret(36), gatewayToken: randomSecret(36), demoPassword: demoPassword ?? typablePassword(), phones: {} };
  saveDemoSecrets(runDir, secrets);
  return secrets;
}

export function saveDemoSecrets(runDir: string, secrets: DemoSecrets): void {
  writeFileSync(join(runDir, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}
