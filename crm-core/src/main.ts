import { loadConfig } from './config';
import { CrmCore } from './crm-core';
import { createLogger, errorForLog } from './http/logging';
import { startFailure } from './start-failure';

/** Starts crm-core from the environment; ends with 1 and plain sentences when it cannot. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if ('problems' in loaded) return fail(['crm-core cannot start:', ...loaded.problems.map((problem) => `  ${problem}`)]);
  const { config } = loaded;
  const log = createLogger(config.logLevel);
  const core = await CrmCore.start(config, log).catch((error: unknown) => {
    fail([`crm-core cannot start: ${startFailure(error, config)}`]);
    return null;
  });
  if (core === null) return;
  core.app.metrics.watchProcess();
  log.info({ host: config.host, port: core.port, database: config.database.dialect }, 'listening');
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    void core.close().then(() => log.info('stopped'));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(lines: readonly string[]): void {
  console.error(lines.join('\n'));
  process.exitCode = 1;
}

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    console.error(`crm-core: ${event}`, errorForLog(error));
    process.exit(1);
  });
}

void main();
