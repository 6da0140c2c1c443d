/** The part of BroadcastChannel that is used. */
export interface HandoverChannel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface Handover {
  /** Asks the window that has the living call to let it go. */
  ask(): void;
  close(): void;
}

/**
 * Moves a living call to another window. The sound of a call cannot be handed over, but a page that is loaded anew leaves
 * its call up, and the next owner of the telephone takes it over; so the owner is asked to load itself anew. What was
 * typed there is in the browser's storage; the customer hears a gap of about a second.
 */
export function createHandover(channel: HandoverChannel, owns: () => boolean, reload: () => void): Handover {
  channel.onmessage = (event) => {
    if (event.data === 'let-go' && owns()) reload();
  };
  return {
    ask: () => channel.postMessage('let-go'),
    close() {
      channel.onmessage = null;
      channel.close();
    },
  };
}
