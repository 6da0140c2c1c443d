import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from './services';

/** What the services say of themselves, so that nothing is promised which is not so. */
export interface Standing {
  /** The gateway sees Asterisk's calls. */
  readonly asterisk: boolean;
  /** Somebody of the demo can sign in with its password. */
  readonly demoUsers: boolean;
  /** The administrator can sign in with the password that this start was given. */
  readonly admin: boolean;
}

export interface Passwords {
  readonly demo: string | null;
  readonly admin: string | null;
}

const ASTERISK_WITHIN_MS = 6_000;
/** Anybody of the demo's people. */
const DEMO_USER = '1001';

export async function standingOf(services: Services, passwords: Passwords): Promise<Standing> {
  const gateway = services.ctiUrl.replace(/^ws/, 'http').replace(/\/cti$/, '/readyz');
  const [asterisk, demoUsers, admin] = await Promise.all([
    isReady(gateway),
    canSignIn(services.panelUrl, DEMO_USER, passwords.demo),
    canSignIn(services.panelUrl, 'admin', passwords.admin),
  ]);
  return { asterisk, demoUsers, admin };
}

async function isReady(url: string): Promise<boolean> {
  for (const deadline = Date.now() + ASTERISK_WITHIN_MS; ; await delay(100)) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready || Date.now() > deadline) return ready;
  }
}

async function canSignIn(panelUrl: string, username: string, password: string | null): Promise<boolean> {
  return password !== null && (await signInAndOut(panelUrl, { username, password }).catch(() => false));
}

async function signInAndOut(panelUrl: string, account: { username: string; password: string }): Promise<boolean> {
  const session = `${panelUrl}/api/v1/session`;
  const headers = { 'content-type': 'application/json', origin: panelUrl };
  const answer = await fetch(session, { method: 'POST', headers, body: JSON.stringify(account) });
  if (!answer.ok) return false;
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.replace(/;.*/, ''))
    .join('; ');
  await fetch(session, { method: 'DELETE', headers: { ...headers, cookie, 'x-csrf-token': csrfToken } });
  return true;
}
