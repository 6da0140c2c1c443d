import { loadConfig, type CrmConfig } from './config';
import { CrmCore } from './crm-core';
import { databaseFault } from './db';
import { createLogger } from './http/logging';

/** Starts crm-core from the environment; ends with 1 and plain sentences when it cannot. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if ('problems' in loaded) return fail(['crm-core cannot start:', ...loaded.problems.map((problem) => `  ${problem}`)]);
  const { config } = loaded;
  const log = createLogger(config.logLevel);
  const core = await CrmCore.start(config, log).catch((error: unknown) => {
    fail([`crm-core cannot start: ${reason(error, config)}`]);
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

function reason(error: unknown, { port, database }: CrmConfig): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return `port ${port} is taken by another program. Set HOTLINE_PORT to a free one.`;
  if (code === 'EACCES') return `port ${port} may not be opened by this user. Set HOTLINE_PORT to one above 1023.`;
  if (databaseFault(error) === null) return message;
  const place = database.dialect === 'sqlite' ? database.file : `${database.host}:${database.port}/${database.database}`;
  return `the database ${place} cannot be used: ${message}. See DATABASE_URL.`;
}

process.on('unhandledRejection', (error) => {
  console.error('crm-core: unhandled rejection', error);
  process.exit(1);
});

void main();
