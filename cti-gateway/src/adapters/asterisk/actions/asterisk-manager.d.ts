/** The part of asterisk-manager 0.2.0 that is used here; what it really does, not what its documentation says. */
declare module 'asterisk-manager' {
  import type { NetConnectOpts } from 'node:net';

  namespace createManager {
    /** Header names in lower case. A repeated header is an array, `variable` and `chanvariable` an object. */
    type Item = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>> | undefined>>;

    interface Manager {
      /** Hands its first argument to `net.createConnection` as it is. */
      connect(options: NetConnectOpts, host: undefined, connected: () => void): void;
      /** Calls back with nothing on success, with the response on `Error`, and never when none comes. */
      login(callback: (refused?: Item) => void): void;
      /** Calls back when a response with this `actionid` comes, and never otherwise. */
      action(action: Record<string, string>, callback: (refused: Item | undefined, item?: Item) => void): string;
      disconnect(callback?: () => void): void;
      on(name: string, listener: (...values: unknown[]) => void): void;
      removeAllListeners(name?: string): void;
    }
  }

  /** Without a port it does not connect by itself. */
  function createManager(port: null, host: string, username: string, password: string, events: boolean): createManager.Manager;
  export = createManager;
}
