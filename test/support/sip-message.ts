import { createHash } from 'node:crypto';

/** A SIP message, read or to be sent (RFC 3261 §7); header names as written there, compact forms are not read. */
export interface SipText {
  readonly first: string;
  /** Every value of a header, in order. */
  readonly all: (name: string) => readonly string[];
  readonly header: (name: string) => string;
  readonly body: string;
  /** Of a request; empty for an answer. */
  readonly method: string;
  /** Of an answer; 0 for a request. */
  readonly status: number;
}

export function readSip(text: string): SipText {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end < 0 ? undefined : end).split('\r\n');
  const all = (name: string): string[] =>
    lines.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`)).map((line) => line.slice(name.length + 1).trim());
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(first)?.[1] ?? 0);
  return {
    first,
    all,
    header: (name) => all(name)[0] ?? '',
    body: end < 0 ? '' : text.slice(end + 4),
    method: status > 0 ? '' : (first.split(' ')[0] ?? ''),
    status,
  };
}

export function writeSip(first: string, headers: readonly (readonly [string, string])[], body = ''): string {
  const lines = [...headers.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${Buffer.byteLength(body)}`];
  return `${first}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** The answer to a digest challenge (RFC 7616 with MD5, as telephones do it). */
export function digestFor(challenge: SipText, { user, password }: Account, method: string, uri: string): string {
  const line = challenge.all('WWW-Authenticate').find((value) => !/SHA-/i.test(value)) ?? '';
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`, 'i').exec(line)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const [realm, nonce] = [field('realm'), field('nonce')];
  const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:00000001:desk:auth:${md5(`${method}:${uri}`)}`);
  return (
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `cnonce="desk", nc=00000001, qop=auth, algorithm=MD5, opaque="${field('opaque')}"`
  );
}
