/** A set of listeners; one that throws does not keep the others from hearing. */
export class Listeners<A extends readonly unknown[]> {
  readonly #set = new Set<(...args: A) => void>();

  /** The returned function removes it again and may be called twice. */
  add(listener: (...args: A) => void): () => void {
    this.#set.add(listener);
    return () => this.#set.delete(listener);
  }

  emit(...args: A): void {
    for (const listener of [...this.#set]) {
      try {
        listener(...args);
      } catch (error) {
        console.error('A listener failed', error);
      }
    }
  }

  clear(): void {
    this.#set.clear();
  }
}
