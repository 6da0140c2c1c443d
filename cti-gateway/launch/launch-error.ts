/**
 * Something a person must put right before the product can start. The message is one sentence for that person: what is
 * wrong and what to do. Anything else that is thrown is a bug and keeps its stack.
 */
export class LaunchError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LaunchError';
  }
}

/** Tells the person at the terminal what goes on; one line each. */
export type Say = (line: string) => void;

export const silent: Say = () => undefined;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
