export interface DialAccepted {
  readonly dialId: string;
  readonly callId: string;
}

/** One dial, from the click on. */
export interface Dial {
  readonly dialId: string;
  readonly callId: string;
  readonly userId: string;
  readonly extension: string;
  /** Digits as dialled. */
  readonly number: string;
  readonly atMs: number;
  result: Promise<DialAccepted>;
  /** The last progress told, so that nothing is told twice. */
  told: string;
  /** Asterisk's events have shown the call: from now on the desk knows whether the agent is in it. */
  seen: boolean;
  over: boolean;
  /** Asterisk did not answer in time and may do it yet: until it is certain not to, the agent's telephone is asked for nothing else. */
  takingBack: boolean;
}

/** Two clicks on one number within this time are one wish, whichever window they came from. */
const SAME_CLICK_MS = 2_000;
const REMEMBER_MS = 10 * 60_000;
const MAX_REMEMBERED = 5_000;
/** Without any event within this time the dial counts as lost: an agent must not be kept from dialling by it. */
const UNSEEN_MS = 10_000;
const MINUTE_MS = 60_000;

/** Dials of the last minutes, bounded: what makes a repeated click or a repeated command find the dial it repeats. */
export class DialMemory {
  private readonly dials = new Map<string, Dial>();
  private readonly times = new Map<string, readonly number[]>();

  add(dial: Dial): void {
    this.dials.set(dial.dialId, dial);
    this.count(dial.userId, dial.atMs);
  }

  count(userId: string, atMs: number): void {
    this.times.set(userId, [...this.history(userId), atMs]);
  }

  byDialId(dialId: string): Dial | null {
    return this.dials.get(dialId) ?? null;
  }

  byCall(call: { readonly callId: string; readonly dialId: string | null }): Dial | null {
    const dialId = call.dialId ?? (call.callId.startsWith('dial-') ? call.callId.slice('dial-'.length) : null);
    return dialId === null ? null : this.byDialId(dialId);
  }

  /** The click that this one repeats. One that failed before any telephone rang may be tried again at once. */
  sameClick(userId: string, digits: string, nowMs: number): Dial | null {
    for (const dial of this.dials.values()) {
      if (dial.userId === userId && dial.number === digits && nowMs - dial.atMs < SAME_CLICK_MS && !dial.over) return dial;
    }
    return null;
  }

  /** The agent's telephone was asked for and no event has come yet. */
  placing(extension: string, nowMs: number): boolean {
    return [...this.dials.values()].some(
      (dial) => dial.extension === extension && !dial.over && !dial.seen && nowMs - dial.atMs < UNSEEN_MS,
    );
  }

  /** Something that was asked of the agent's telephone is being taken back. */
  takingBack(extension: string): boolean {
    return [...this.dials.values()].some((dial) => dial.extension === extension && dial.takingBack);
  }

  history(userId: string): readonly number[] {
    return this.times.get(userId) ?? [];
  }

  forgetOld(nowMs: number): void {
    for (const [dialId, dial] of this.dials) {
      if (this.dials.size <= MAX_REMEMBERED && nowMs - dial.atMs < REMEMBER_MS) break;
      if (!dial.takingBack) this.dials.delete(dialId);
    }
    for (const [userId, times] of this.times) {
      const recent = times.filter((atMs) => nowMs - atMs < MINUTE_MS);
      if (recent.length === 0) this.times.delete(userId);
      else this.times.set(userId, recent);
    }
  }
}
