import type { ChannelLike, LockRequest, LocksLike } from '../leadership-types';

interface Holder {
  readonly finish: () => void;
  readonly steal: () => void;
}

type Waiter = { readonly grant: () => void; readonly owner: object };

/** `navigator.locks` of one origin for several windows: exclusive locks, a queue, stealing. */
export class FakeLocks {
  #holders = new Map<string, Holder & { readonly owner: object }>();
  #queues = new Map<string, Waiter[]>();

  /** The API as one window sees it. */
  forWindow(owner: object): LocksLike {
    return { request: (name, options, callback) => this.#request(owner, name, options, callback) };
  }

  /** The window is closed or has crashed: the browser takes back what it held and waited for. */
  kill(owner: object): void {
    for (const [name, queue] of this.#queues)
      this.#queues.set(
        name,
        queue.filter((waiter) => waiter.owner !== owner),
      );
    for (const holder of [...this.#holders.values()]) if (holder.owner === owner) holder.finish();
  }

  waiting(name: string): number {
    return this.#queues.get(name)?.length ?? 0;
  }

  #request(owner: object, name: string, options: LockRequest, callback: (lock: unknown) => Promise<void>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const grant = (): void => {
        const finish = (): void => this.#release(name, holder);
        const holder = { owner, finish, steal: () => reject(new DOMException('stolen', 'AbortError')) };
        this.#holders.set(name, holder);
        callback({ name }).then(() => {
          finish();
          resolve(undefined);
        }, reject);
      };
      const current = this.#holders.get(name);
      if (current === undefined) return grant();
      if (options.ifAvailable === true) return void callback(null).then(resolve, reject);
      if (options.steal === true) {
        current.steal();
        return grant();
      }
      const waiter = { grant, owner };
      this.#queues.set(name, [...(this.#queues.get(name) ?? []), waiter]);
      options.signal?.addEventListener('abort', () => {
        this.#queues.set(
          name,
          (this.#queues.get(name) ?? []).filter((other) => other !== waiter),
        );
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
  }

  #release(name: string, holder: object): void {
    if (this.#holders.get(name) !== holder) return;
    this.#holders.delete(name);
    this.#queues.get(name)?.shift()?.grant();
  }
}

/** BroadcastChannel among several windows; messages arrive a moment later, copied, and not at their sender. */
export class FakeAir {
  readonly #channels = new Set<{ readonly name: string; readonly channel: ChannelLike; readonly owner: object }>();
  /** Messages of a kind that get lost. */
  readonly lost = new Set<string>();

  open(owner: object, name: string): ChannelLike {
    const entry = { name, owner, channel: {} as ChannelLike };
    entry.channel.onmessage = null;
    entry.channel.postMessage = (message) => {
      if (this.#channels.has(entry)) this.#carry(entry, structuredCopy(message));
    };
    entry.channel.close = () => this.#channels.delete(entry);
    this.#channels.add(entry);
    return entry.channel;
  }

  kill(owner: object): void {
    for (const entry of this.#channels) if (entry.owner === owner) this.#channels.delete(entry);
  }

  #carry(from: { readonly name: string }, message: unknown): void {
    if (this.lost.has((message as { kind: string }).kind)) return;
    queueMicrotask(() => {
      for (const entry of [...this.#channels]) if (entry !== from && entry.name === from.name) entry.channel.onmessage?.({ data: message });
    });
  }
}

/** jsdom has no structuredClone; what is sent is plain data. */
function structuredCopy(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}
