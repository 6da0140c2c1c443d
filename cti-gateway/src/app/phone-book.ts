import type { PhoneAccount } from '../../protocol';

/** Passwords of browser phones by extension. */
export type PhonePasswords = ReadonlyMap<string, string>;

/** What a browser needs to be the agent's telephone. The host of the URI is a name only: requests go to the WebSocket. */
export function phoneBook(phones: PhonePasswords): (extension: string) => PhoneAccount | null {
  return (extension) => {
    const password = phones.get(extension);
    if (password === undefined) return null;
    return {
      extension,
      sipUri: `sip:${extension}@hotline`,
      authorizationUser: extension,
      password,
      webSocketPath: '/sip',
      iceServers: [],
    };
  };
}
