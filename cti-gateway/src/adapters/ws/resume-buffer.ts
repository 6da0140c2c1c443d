/** Frames already sent to one (user, tab), kept for a window that comes back. Bounded by count and bytes: the oldest go first. */
export class ResumeBuffer {
  private frames: Buffer[] = [];
  private bytes = 0;
  /** Number of the last frame pushed. */
  private lastSeq = 0;

  constructor(
    private readonly maxFrames: number,
    private readonly maxBytes: number,
  ) {}

  get seq(): number {
    return this.lastSeq;
  }

  push(frame: Buffer): void {
    this.lastSeq += 1;
    this.frames.push(frame);
    this.bytes += frame.length;
    while (this.frames.length > this.maxFrames || this.bytes > this.maxBytes) this.bytes -= this.frames.shift()?.length ?? 0;
  }

  /** Frames after `seq`; null when some of them are gone, or `seq` was never sent: only a snapshot helps then. */
  after(seq: number): readonly Buffer[] | null {
    const missing = this.lastSeq - seq;
    if (missing < 0 || missing > this.frames.length) return null;
    return missing === 0 ? [] : this.frames.slice(-missing);
  }
}
