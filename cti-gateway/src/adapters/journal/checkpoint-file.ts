import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CallCheckpoint, CallCheckpoints } from '../../ports/call-checkpoints';
import type { Log } from '../../ports/log';

const Stored = z.object({ v: z.literal(1), fromMs: z.number(), seenUntilMs: z.number(), done: z.array(z.string()) });

/**
 * A small JSON file beside the journal, replaced whole. Not forced to disk as rows are: it has to outlive the process, and after a
 * power cut an older one only means that more of the channel event log is read.
 */
export class CheckpointFile implements CallCheckpoints {
  private wanted: CallCheckpoint | null = null;
  private writing: Promise<void> | null = null;
  private failed = false;
  private holders = 0;

  private constructor(
    private readonly path: string,
    private readonly log: Log,
    private current: CallCheckpoint | null,
  ) {}

  static async open(path: string, log: Log): Promise<CheckpointFile> {
    const text = await readFile(path, 'utf8').catch(() => null);
    const stored = text === null ? null : Stored.safeParse(parse(text));
    if (stored?.success === false) log.warn({ path }, 'the checkpoint cannot be read; calls of before are not looked for');
    return new CheckpointFile(path, log, stored?.success === true ? { ...stored.data, done: new Set(stored.data.done) } : null);
  }

  last(): CallCheckpoint | null {
    return this.current;
  }

  hold(): () => void {
    let held = true;
    this.holders += 1;
    return () => {
      if (held) this.holders -= 1;
      held = false;
    };
  }

  save(checkpoint: CallCheckpoint): void {
    if (this.holders > 0) return;
    this.current = checkpoint;
    this.wanted = checkpoint;
    this.writing ??= this.write().finally(() => (this.writing = null));
  }

  async close(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.wanted !== null) {
      const { fromMs, seenUntilMs, done } = this.wanted;
      this.wanted = null;
      try {
        await writeFile(`${this.path}.tmp`, JSON.stringify({ v: 1, fromMs, seenUntilMs, done: [...done] }), { mode: 0o600 });
        await rename(`${this.path}.tmp`, this.path);
        this.failed = false;
      } catch (err) {
        if (!this.failed) this.log.warn({ err }, 'the checkpoint cannot be written; the one before stays');
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
