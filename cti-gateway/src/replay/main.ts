import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { replayArguments, USAGE } from './replay-arguments';
import { ReplayStream } from './replay-stream';

/** Exit codes: 0 replayed, 1 the file could not be read or tells no times, 2 wrong arguments. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const replay = replayArguments(argv);
  if (typeof replay === 'string') {
    process.stderr.write(`${replay}\n\n${USAGE}`);
    return 2;
  }
  const stream = new ReplayStream({ ...replay.model, onRow: (row) => process.stdout.write(`${JSON.stringify(row)}\n`) });
  const input: Readable = replay.file === '-' ? process.stdin : createReadStream(replay.file);
  try {
    for await (const chunk of input) stream.push(chunk as Buffer);
  } catch (error) {
    process.stderr.write(`${replay.file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const { open, untimed } = stream.end();
  for (const call of open) {
    process.stderr.write(`still up at the end of the recording: ${call.callId} (${call.direction}, ${call.phase})\n`);
  }
  if (untimed === 0) return 0;
  process.stderr.write(
    `${untimed} events carry no Timestamp, so that the times above are not true; set timestampevents = yes in manager.conf.\n`,
  );
  return 1;
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
