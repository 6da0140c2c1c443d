import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../ports/log';
import { parseCelLine, timeOfCelLine } from './cel-line';
import type { CelRecord } from './cel-record';

const DAY_MS = 86_400_000;
/** Lines are written by several threads of Asterisk: not quite in order of their times. */
const DISORDER_MS = 5_000;
const PROBE_BYTES = 16 * 1024;

export interface CelFileOptions {
  readonly path: string;
  readonly log: Log;
  /** What one reading takes at most; of more, the newest. */
  readonly maxBytes?: number;
  /** The file is put aside when it has grown to this. */
  readonly rotateBytes?: number;
  /** Files put aside are kept this long; 0: somebody else cares for the files. */
  readonly keepDays?: number;
}

/** Asterisk's channel event log on disk: `calls.csv` and, put aside when they were large, `calls.csv.<ms>`. */
export class CelFile {
  private readonly maxBytes: number;

  constructor(private readonly options: CelFileOptions) {
    this.maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
  }

  /**
   * Records from `fromMs` on (and somewhat earlier), in the order they were written. A line that is being written is left out.
   *
   * @throws what the file system says; a file that is not there is empty.
   */
  async *read(fromMs: number, untilMs = Infinity): AsyncGenerator<CelRecord> {
    for (const file of await this.files(fromMs)) {
      for await (const line of this.lines(file, fromMs - DISORDER_MS)) {
        const atMs = timeOfCelLine(line);
        if (atMs !== null && atMs > untilMs + DISORDER_MS) break;
        const record = parseCelLine(line);
        if (record !== null && record.atMs >= fromMs - DISORDER_MS && record.atMs <= untilMs) yield record;
      }
    }
  }

  async since(fromMs: number): Promise<readonly CelRecord[]> {
    const records: CelRecord[] = [];
    for await (const record of this.read(fromMs)) records.push(record);
    return records;
  }

  /** Asterisk opens the file for every line, so it goes on in a new one. */
  async tidy(nowMs: number): Promise<void> {
    const { path: file, keepDays = 90, rotateBytes = 64 * 1024 * 1024, log } = this.options;
    if (keepDays === 0) return;
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    try {
      if (size >= rotateBytes) await rename(file, `${file}.${nowMs}`);
      for (const { name, atMs } of await this.asides()) if (atMs < nowMs - keepDays * DAY_MS) await rm(name, { force: true });
    } catch (err) {
      log.warn({ err }, 'the channel event log cannot be put aside; HOTLINE_CEL_KEEP_DAYS=0 leaves that to somebody else');
    }
  }

  /** Those that may hold something later than `fromMs`, oldest first. A file's name tells when it ended. */
  private async files(fromMs: number): Promise<readonly string[]> {
    const asides = (await this.asides()).filter(({ atMs }) => atMs >= fromMs - DISORDER_MS);
    return [...asides.map(({ name }) => name), this.options.path];
  }

  private async asides(): Promise<readonly { name: string; atMs: number }[]> {
    const folder = path.dirname(this.options.path);
    const prefix = `${path.basename(this.options.path)}.`;
    const names = await readdir(folder).catch(() => [] as string[]);
    return names
      .filter((name) => name.startsWith(prefix) && /^\d{13}$/.test(name.slice(prefix.length)))
      .map((name) => ({ name: path.join(folder, name), atMs: Number(name.slice(prefix.length)) }))
      .sort((a, b) => a.atMs - b.atMs);
  }

  private async *lines(file: string, fromMs: number): AsyncGenerator<string> {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return;
    try {
      const start = await this.startOf(handle, fromMs);
      let rest = '';
      for await (const chunk of handle.createReadStream({ start, encoding: 'utf8', autoClose: false })) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } finally {
      await handle.close();
    }
  }

  /** An offset before the first line of that time: lines are in order of time but for a little. */
  private async startOf(handle: FileHandle, fromMs: number): Promise<number> {
    const { size } = await handle.stat();
    let low = 0;
    let high = size;
    while (high - low > PROBE_BYTES) {
      const middle = Math.floor((low + high) / 2);
      const atMs = await timeNear(handle, middle);
      if (atMs === null || atMs >= fromMs) high = middle;
      else low = middle;
    }
    const bounded = Math.max(low, size - this.maxBytes);
    if (bounded > low)
      this.options.log.error({ bytes: size - low }, 'the channel event log is too long to be read whole; its oldest part is left out');
    return bounded;
  }
}

/** Time of the first whole line after an offset. */
async function timeNear(handle: FileHandle, offset: number): Promise<number | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, offset);
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n').slice(1, -1);
  for (const line of lines) {
    const atMs = timeOfCelLine(line);
    if (atMs !== null) return atMs;
  }
  return null;
}
