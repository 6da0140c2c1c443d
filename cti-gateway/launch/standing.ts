import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from './services';

/** What the services say of themselves, so that nothing is promised which is not so. */
export interface Standing {
  /** The gateway sees Asterisk's calls. */
  readonly asterisk: boolean;
  /** Somebody of the demo can sign in with its password. */
  readonly demoUsers: boolean;
}

const ASTERISK_WITHIN_MS = 6_000;
/** Anybody of the demo's people. */
const DEMO_USER = '1001';

export async function standingOf(services: Services, demoPassword: string | null): Promise<Standing> {
  const gateway = services.ctiUrl.replace(/^ws/, 'http').replace(/\/cti$/, '/readyz');
  const [asterisk, demoUsers] = await Promise.all([
    isReady(gateway),
    demoPassword === null ? false : canSignIn(services.panelUrl, demoPassword).catch(() => false),
  ]);
  return { asterisk, demoUsers };
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

/** Signs in and out again. */
async function canSignIn(panelUrl: string, password: string): Promise<boolean> {
  const session = `${panelUrl}/api/v1/session`;
  const headers = { 'content-type': 'application/json', origin: panelUrl };
  const answer = await fetch(session, { method: 'POST', headers, body: JSON.stringify({ username: DEMO_USER, password }) });
  if (!answer.ok) return false;
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.replace(/;.*/, ''))
    .join('; ');
  await fetch(session, { method: 'DELETE', headers: { ...headers, cookie, 'x-csrf-token': csrfToken } });
  return true;
}
