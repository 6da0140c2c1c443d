/** The part of ari-client 2.2.0 that is used here, and the inner parts that have to be guarded (`ari-guards.ts`). */
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events';

  namespace ari {
    interface Socket extends EventEmitter {
      close(): void;
      terminate(): void;
    }

    interface Client extends EventEmitter {
      readonly channels: {
        originate(parameters: Readonly<Record<string, unknown>>): PromiseLike<unknown>;
        hangup(parameters: { readonly channelId: string }): PromiseLike<unknown>;
      };
      /** Resolves with the first open of the socket; after that it reconnects by itself, ten times. */
      start(app: string): PromiseLike<void>;
      ping(): void;
      _ws?: Socket;
      readonly _swagger: { readonly apis: { readonly events?: { readonly models?: Readonly<Record<string, unknown>> } } };
      readonly _instanceListeners: Readonly<Record<string, readonly unknown[]>>;
    }

    /** Never settles when the connection breaks while the description is read. */
    function connect(baseUrl: string, user: string, password: string): PromiseLike<Client>;
  }

  export = ari;
}
