import { z } from 'zod';
import type { PanelClock } from '../transport/clock';

/** Enough of a living SIP dialog (RFC 3261 §12) to take it over from another page: RFC 3891 `Replaces`. */
const StoredDialog = z.object({
  /** `ringing`: an early dialog, nobody has answered yet. */
  stage: z.enum(['ringing', 'active']),
  sipCallId: z.string().min(1),
  localTag: z.string().min(1),
  remoteTag: z.string().min(1),
  remoteNumber: z.string().nullable(),
  remoteName: z.string().nullable(),
  dialId: z.string().nullable(),
  callId: z.string().nullable(),
  muted: z.boolean(),
  held: z.boolean(),
  activeSinceMs: z.number(),
  /** Last moment the page that had it was alive. */
  aliveAtMs: z.number(),
});
export type StoredDialog = z.infer<typeof StoredDialog>;

export type DialogStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Older than this, the telephone system has ended the call long ago for want of sound (`rtp_timeout`). */
const WORTH_TRYING_MS = 90_000;

/**
 * The living dialog, kept where every window of this browser finds it: after a reload the same window takes the call
 * back, and when the window that had it was closed, the next one does. Nothing in it is a secret: taking over needs the
 * telephone's password as well.
 */
export class DialogStore {
  readonly #storage: DialogStorage | null;
  readonly #clock: PanelClock;

  constructor(storage: DialogStorage | null, clock: PanelClock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  save(extension: string, dialog: Omit<StoredDialog, 'aliveAtMs'>): void {
    const value: StoredDialog = { ...dialog, aliveAtMs: this.#clock.nowMs() };
    this.#try((storage) => storage.setItem(keyOf(extension), JSON.stringify(value)));
  }

  /** Null when there is none, or it is too old to be worth a try. */
  load(extension: string): StoredDialog | null {
    const text = this.#try((storage) => storage.getItem(keyOf(extension))) ?? null;
    if (text === null) return null;
    const parsed = StoredDialog.safeParse(parseJson(text));
    if (!parsed.success) return null;
    return Math.abs(this.#clock.nowMs() - parsed.data.aliveAtMs) <= WORTH_TRYING_MS ? parsed.data : null;
  }

  clear(extension: string): void {
    this.#try((storage) => storage.removeItem(keyOf(extension)));
  }

  /** A full or forbidden storage costs the way back after a reload, never the call. */
  #try<T>(use: (storage: DialogStorage) => T): T | undefined {
    try {
      return this.#storage === null ? undefined : use(this.#storage);
    } catch {
      return undefined;
    }
  }
}

/** Value of the `Replaces` header as the other side sees the dialog: its own tag is `to-tag`. */
export function replacesHeader(dialog: Pick<StoredDialog, 'sipCallId' | 'localTag' | 'remoteTag'>): string {
  return `Replaces: ${dialog.sipCallId};to-tag=${dialog.remoteTag};from-tag=${dialog.localTag}`;
}

const keyOf = (extension: string): string => `hotline.phone.dialog.${extension}`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
