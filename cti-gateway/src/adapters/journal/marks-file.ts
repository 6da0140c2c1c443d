import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { PassedOn } from '../../../protocol';
import type { KeptMark, LiveMarks } from '../../ports/live-marks';
import type { Log } from '../../ports/log';

const Stored = z.object({
  v: z.literal(1),
  savedAtMs: z.number(),
  marks: z.record(z.string(), z.object({ recordingPaused: z.boolean(), passedOn: PassedOn.nullable() })),
});
/** No call of before lives then. */
const TOO_OLD_MS = 12 * 3_600_000;

/** A small JSON file beside the checkpoint, replaced whole; like that it has to outlive the process, not a power cut. */
export class MarksFile implements LiveMarks {
  private wanted: ReadonlyMap<string, KeptMark> | null = null;
  private writing: Promise<void> | null = null;
  private failed = false;

  private constructor(
    private readonly path: string,
    private readonly log: Log,
    private readonly stored: ReadonlyMap<string, KeptMark>,
  ) {}

  static async open(path: string, log: Log): Promise<MarksFile> {
    const text = await readFile(path, 'utf8').catch(() => null);
    const stored = text === null ? null : Stored.safeParse(parse(text));
    if (stored?.success === false) log.warn({ path }, 'the marks of live calls cannot be read');
    const fresh = stored?.success === true && Date.now() - stored.data.savedAtMs < TOO_OLD_MS;
    return new MarksFile(path, log, new Map(fresh ? Object.entries(stored.data.marks) : []));
  }

  last(): ReadonlyMap<string, KeptMark> {
    return this.stored;
  }

  save(marks: ReadonlyMap<string, KeptMark>): void {
    this.wanted = marks;
    this.writing ??= this.write().finally(() => (this.writing = null));
  }

  async close(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.wanted !== null) {
      const marks = Object.fromEntries(this.wanted);
      this.wanted = null;
      try {
        await writeFile(`${this.path}.tmp`, JSON.stringify({ v: 1, savedAtMs: Date.now(), marks }), { mode: 0o600 });
        await rename(`${this.path}.tmp`, this.path);
        this.failed = false;
      } catch (err) {
        if (!this.failed) this.log.warn({ err }, 'the marks of live calls cannot be written');
        this.failed = true;
      }
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
