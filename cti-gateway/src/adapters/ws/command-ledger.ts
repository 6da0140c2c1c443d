/**
 * Answers of one user's recent commands by their id: the same id again, from whichever window and after whichever
 * reconnect, gives the same answer and is carried out once. Bounded: the oldest finished ones are forgotten.
 */
export class CommandLedger {
  private readonly entries = new Map<
    string,
    { readonly type: string; readonly atMs: number; readonly reply: Promise<Buffer>; done: boolean }
  >();

  constructor(
    private readonly maxEntries: number,
    private readonly keepMs: number,
  ) {}

  /** @returns null when the id stands for another command. */
  once(command: { id: string; type: string }, nowMs: number, run: () => Promise<Buffer>): Promise<Buffer> | null {
    const known = this.entries.get(command.id);
    if (known !== undefined && nowMs - known.atMs < this.keepMs) return known.type === command.type ? known.reply : null;
    const entry = { type: command.type, atMs: nowMs, reply: run(), done: false };
    this.entries.delete(command.id);
    this.entries.set(command.id, entry);
    void entry.reply.finally(() => (entry.done = true));
    this.forgetOldest();
    return entry.reply;
  }

  get size(): number {
    return this.entries.size;
  }

  private forgetOldest(): void {
    for (const [id, entry] of this.entries) {
      if (this.entries.size <= this.maxEntries) return;
      if (entry.done) this.entries.delete(id);
    }
  }
}
