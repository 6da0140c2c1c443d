import { access, constants, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CallIntake } from '../../../../crm-core/contract/calls';
import type { CallJournal } from '../../ports/call-journal';
import type { Log } from '../../ports/log';
import { syncFolder, writeDurably } from './durable-file';

interface Entry {
  readonly callId: string;
  readonly file: string;
  /** Rises when the row is replaced, so that an answer about the old one does not settle the new one. */
  generation: number;
  handedOut: number;
}

/** File system as the journal uses it: tests make it fail. */
export interface JournalFiles {
  read(path: string): Promise<string>;
  write(path: string, content: string): Promise<void>;
}

const DISK: JournalFiles = { read: (path) => readFile(path, 'utf8'), write: writeDurably };

/**
 * Outbox of finished calls: one file per call.
 *
 *     <folder>/pending/<endedAtMs>-<callId>.json    written, not yet accepted by crm-core
 *     <folder>/refused/…                            refused, with the reason, for a person to look at
 *     <folder>/corrupt/…                            could not be read; in nobody's way
 *
 * A name says when and which call, so that a start after days without crm-core does not have to read what is waiting.
 */
export class FileJournal implements CallJournal {
  /** Oldest first. */
  private readonly entries = new Map<string, Entry>();
  /** What is done to the file of a call, one thing after the other; different calls side by side. */
  private readonly turns = new Map<string, Promise<unknown>>();
  private closed = false;

  private constructor(
    private readonly folder: string,
    private readonly log: Log,
    private readonly files: JournalFiles,
  ) {}

  /** Opens the folder and finds what an earlier run has left. @throws when it cannot be written: every call would be lost. */
  static async open(folder: string, log: Log, files: Partial<JournalFiles> = {}): Promise<FileJournal> {
    const journal = new FileJournal(folder, log, { ...DISK, ...files });
    for (const name of ['pending', 'refused', 'corrupt']) {
      await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
      await access(join(folder, name), constants.W_OK | constants.X_OK);
    }
    await journal.recover();
    return journal;
  }

  append(row: CallIntake): Promise<void> {
    if (this.closed) return Promise.reject(new Error('The journal is closed'));
    return this.inTurn(row.callId, () => this.write(row));
  }

  async pending(limit: number, wanted: (callId: string) => boolean = () => true): Promise<readonly CallIntake[]> {
    const rows: CallIntake[] = [];
    let unread: unknown = null;
    for (const callId of [...this.entries.keys()]) {
      if (rows.length >= limit) break;
      const entry = this.entries.get(callId);
      if (entry === undefined || !wanted(callId)) continue;
      entry.handedOut = entry.generation;
      try {
        const row = await this.read(entry.file);
        if (row === null) await this.setAside(entry);
        else rows.push(row);
      } catch (err) {
        this.log.warn({ callId, err }, 'a call log row cannot be read from disk now; it stays where it is');
        unread ??= err;
      }
    }
    if (rows.length === 0 && unread !== null) throw unread;
    return rows;
  }

  /** In turn, so that a corrected row of the same name is either not in its place yet or known to be another. */
  settle(callId: string, result: 'accepted' | 'refused', message = ''): Promise<void> {
    return this.inTurn(callId, async () => {
      const entry = this.entries.get(callId);
      if (entry === undefined || entry.generation !== entry.handedOut) return;
      if (result === 'refused') {
        const row = await this.read(entry.file);
        await this.files.write(join(this.folder, 'refused', entry.file), JSON.stringify({ refused: message, row }, null, 2));
      }
      await rm(join(this.folder, 'pending', entry.file), { force: true });
      this.entries.delete(callId);
    });
  }

  backlog(): number {
    return this.entries.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.turns.values()]);
  }

  private inTurn<T>(callId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(callId) ?? Promise.resolve()).then(work, work);
    this.turns.set(callId, turn);
    const done = (): void => {
      if (this.turns.get(callId) === turn) this.turns.delete(callId);
    };
    turn.then(done, done);
    return turn;
  }

  private async write(row: CallIntake): Promise<void> {
    const waiting = this.entries.get(row.callId);
    // What was seen as it happened is better than what was put together afterwards.
    if (!row.complete && waiting !== undefined && (await this.read(waiting.file))?.complete === true) return;
    const file = fileName(row);
    await this.files.write(join(this.folder, 'pending', file), JSON.stringify(row));
    await this.enter(row.callId, file);
  }

  /** Takes the place of an earlier row of the same call. */
  private async enter(callId: string, file: string): Promise<void> {
    const before = this.entries.get(callId);
    this.entries.set(callId, { callId, file, generation: (before?.generation ?? 0) + 1, handedOut: before?.handedOut ?? 0 });
    if (before !== undefined && before.file !== file) await rm(join(this.folder, 'pending', before.file), { force: true });
  }

  private async recover(): Promise<void> {
    const folder = join(this.folder, 'pending');
    for (const file of (await readdir(folder)).sort()) {
      const callId = callIdIn(file);
      // Left by a crash in the middle of writing: never whole, and the call it was about was never said to be safe.
      if (file.endsWith('.tmp')) await rm(join(folder, file), { force: true });
      else if (callId === null) await this.moveToCorrupt(file);
      else await this.enter(callId, file);
    }
    await syncFolder(folder);
    if (this.entries.size > 0) this.log.info({ rows: this.entries.size }, 'call log rows of an earlier run are waiting');
  }

  /**
   * @returns null for what is no row, or is not there.
   * @throws what the disk says; the row may be whole all the same.
   */
  private async read(file: string): Promise<CallIntake | null> {
    try {
      return rowIn(await this.files.read(join(this.folder, 'pending', file)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  private setAside(entry: Entry): Promise<void> {
    return this.inTurn(entry.callId, async () => {
      // Replaced or settled while it was read: nothing is wrong with it.
      if (this.entries.get(entry.callId) !== entry) return;
      this.entries.delete(entry.callId);
      await this.moveToCorrupt(entry.file);
    });
  }

  private async moveToCorrupt(file: string): Promise<void> {
    try {
      await rename(join(this.folder, 'pending', file), join(this.folder, 'corrupt', file));
      this.log.error({ file }, 'a call log row on disk cannot be read; it is kept in corrupt/');
    } catch (err) {
      this.log.error({ file, err }, 'a call log row on disk cannot be read, and could not be moved to corrupt/');
    }
  }
}

function rowIn(text: string): CallIntake | null {
  try {
    const result = CallIntake.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** A call id is printable ASCII (contract); what a file name cannot hold is written as its code. */
function fileName(row: CallIntake): string {
  const call = encodeURIComponent(row.callId).replace(/[.*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${String(Date.parse(row.endedAt)).padStart(13, '0')}-${call}.json`;
}

function callIdIn(file: string): string | null {
  const call = /^\d{13}-(.+)\.json$/.exec(file)?.[1];
  try {
    return call === undefined ? null : decodeURIComponent(call);
  } catch {
    return null;
  }
}
