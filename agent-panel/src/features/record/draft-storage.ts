import { z } from 'zod';

const Text = z.object({
  problem: z.string(),
  solution: z.string(),
  solved: z.enum(['solved', 'to_verify', 'unsolved']).nullable(),
  remarks: z.string(),
  sourceContact: z.string(),
  /** Not in drafts of an earlier version. */
  disposition: z.string().nullable().default(null),
});

/** What stands in this browser's storage of one record: enough to go on writing after a reload, without any server. */
export const LocalDraft = z.object({
  v: z.literal(1),
  /** Of the call; of the record where there is no call. */
  key: z.string(),
  callId: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound', 'internal']).nullable(),
  remoteNumber: z.string().nullable(),
  occurredAt: z.string(),
  customerId: z.string().nullable(),
  contactId: z.string().nullable(),
  customerName: z.string().nullable(),
  text: Text,
  /** As crm-core last had it; null before it was ever reached. */
  base: z
    .object({
      recordId: z.string(),
      version: z.number(),
      text: Text,
      customerId: z.string().nullable(),
      contactId: z.string().nullable(),
    })
    .nullable(),
  /** The agent has finished it, but crm-core has not heard of it yet. */
  wantDone: z.boolean(),
  savedAtMs: z.number(),
});
export type LocalDraft = z.infer<typeof LocalDraft>;

export interface DraftStorage {
  read(key: string): LocalDraft | null;
  /** False when the browser refused (full, private window): the text is then only on this page and on the server. */
  write(draft: LocalDraft): boolean;
  remove(key: string): void;
  list(): LocalDraft[];
  /** Another window wrote the draft of this call. */
  onForeignWrite(listener: (key: string) => void): () => void;
}

/** Drafts by user and call, so that two people at one computer never see each other's. */
export function createDraftStorage(storage: Storage, userId: string): DraftStorage {
  const prefix = `hotline.record.${userId}.`;

  function parse(text: string | null): LocalDraft | null {
    if (text === null) return null;
    try {
      return LocalDraft.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  return {
    read: (key) => parse(storage.getItem(prefix + key)),
    write(draft) {
      try {
        storage.setItem(prefix + draft.key, JSON.stringify(draft));
        return true;
      } catch {
        return false;
      }
    },
    remove: (key) => storage.removeItem(prefix + key),
    list() {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
      return keys.filter((key) => key.startsWith(prefix)).flatMap((key) => parse(storage.getItem(key)) ?? []);
    },
    onForeignWrite(listener) {
      const heard = (event: StorageEvent) => {
        if (event.key?.startsWith(prefix)) listener(event.key.slice(prefix.length));
      };
      globalThis.addEventListener('storage', heard);
      return () => globalThis.removeEventListener('storage', heard);
    },
  };
}
