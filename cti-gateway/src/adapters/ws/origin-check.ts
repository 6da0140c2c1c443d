import type { IncomingMessage } from 'node:http';

export interface OriginRule {
  /** Exact origins (`https://hotline.example.com`); empty: the panel's port on the same host name, and the very same origin. */
  readonly allowed: readonly string[];
  readonly panelPort: number;
}

/**
 * A browser says which page opens the connection; only the panel's may (RFC 6455 §10.2). A client without an Origin is not
 * a browser and has nobody's cookies to abuse: its ticket, or its SIP password, decides.
 */
export function originAllowed(request: Pick<IncomingMessage, 'headers'>, rule: OriginRule): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (rule.allowed.length > 0) return rule.allowed.includes(origin);
  const page = parse(origin);
  const here = parse(`http://${host ?? ''}`);
  if (page === null || here === null) return false;
  const sameHost = sameName(page.hostname, here.hostname);
  return sameHost && (page.port === String(rule.panelPort) || page.host === here.host);
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `localhost` and `127.0.0.1` are one machine to the person who typed either. */
function sameName(a: string, b: string): boolean {
  return a === b || (LOOPBACK.has(a) && LOOPBACK.has(b));
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
