import path from 'node:path';
import pino from 'pino';
import { AsteriskPbx } from './adapters/asterisk/asterisk-pbx';
import { CelFile } from './adapters/asterisk/cel/cel-file';
import { systemClock } from './adapters/clock/system-clock';
import { CheckpointFile } from './adapters/journal/checkpoint-file';
import { MarksFile } from './adapters/journal/marks-file';
import { loadConfig } from './config';
import { createGateway } from './gateway';
import { startFailure } from './start-failure';

/** A shutdown that hangs (a disk, a peer) must not keep the machine from stopping. */
const SHUTDOWN_DEADLINE_MS = 8_000;
const CEL_TIDY_EVERY_MS = 600_000;

/** The service's process: configuration, log, signals. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if ('problems' in loaded) {
    process.stderr.write(`cti-gateway cannot start:\n${loaded.problems.map((problem) => `  ${problem}\n`).join('')}`);
    process.exitCode = 1;
    return;
  }
  const { config } = loaded;
  const log = pino({ name: 'cti-gateway', level: config.logLevel });
  try {
    const checkpoints = await CheckpointFile.open(path.join(config.dataDir, 'checkpoint.json'), log);
    const liveMarks = await MarksFile.open(path.join(config.dataDir, 'live-marks.json'), log);
    const cel = config.celFile === null ? null : new CelFile({ path: config.celFile, keepDays: config.celKeepDays, log });
    const history = cel === null ? null : { cel, checkpoints };
    const pbx = new AsteriskPbx({ ami: config.ami, amiFeed: config.amiFeed, ari: config.ari, clock: systemClock, log, history });
    const gateway = await createGateway({ config, pbx, clock: systemClock, log, checkpoints, liveMarks });
    if (cel !== null) setInterval(() => void cel.tidy(Date.now()), CEL_TIDY_EVERY_MS).unref();
    log.info({ host: config.host, port: gateway.port, epoch: gateway.epoch }, 'cti-gateway listens');
    onSignal((signal) => {
      log.info({ signal }, 'cti-gateway stops');
      setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
      void gateway.close().finally(() => process.exit(0));
    });
  } catch (error) {
    process.stderr.write(`cti-gateway cannot start: ${startFailure(error, config)}\n`);
    process.exit(1);
  }
}

function onSignal(stop: (signal: string) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
}

void main();
