import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { z } from 'zod';
import { Session, type Permission, type SessionUser } from '../../../../crm-core/contract';
import { asApiError, type ApiError } from '../../app/api-client';
import { useServices } from '../../app/services';

type PermissionName = z.infer<typeof Permission>;

/**
 * Who is signed in at crm-core.
 *
 * unknown ──start──▶ signed-in | signed-out | unreachable
 * signed-in ──a request answers 401──▶ expired ──signIn of the same person──▶ signed-in
 */
export type SessionState = 'unknown' | 'unreachable' | 'signed-out' | 'signed-in' | 'expired';

export const useSessionStore = defineStore('session', () => {
  const state = ref<SessionState>('unknown');
  const user = ref<SessionUser | null>(null);
  const csrfToken = ref<string | null>(null);
  /** Chosen on the sign-in page just now: stands above what was stored with the user. */
  const chosenLocale = ref<SessionUser['locale'] | null>(null);
  let waiting: Array<(signedIn: boolean) => void> = [];

  function accept(session: Session): void {
    user.value = session.user;
    csrfToken.value = session.csrfToken;
    state.value = 'signed-in';
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve(true);
  }

  /** Asks crm-core whether the cookie still stands for somebody. */
  async function start(): Promise<void> {
    try {
      accept(await useServices().api.get('/session', Session, { anonymous: true }));
    } catch (cause) {
      state.value = asApiError(cause).status === 401 ? 'signed-out' : 'unreachable';
    }
  }

  /** Null when signed in, else why not. */
  async function signIn(username: string, password: string): Promise<ApiError | null> {
    try {
      const session = await useServices().api.send('POST', '/session', { username, password }, Session, { anonymous: true });
      if (state.value === 'expired' && session.user.userId !== user.value?.userId) {
        globalThis.location.assign('/');
        return null;
      }
      accept(session);
      if (chosenLocale.value !== null && chosenLocale.value !== session.user.locale)
        await preferLocale(chosenLocale.value).catch(() => undefined);
      return null;
    } catch (cause) {
      return asApiError(cause);
    }
  }

  /** Kept with the user, so that the next computer knows it. */
  async function preferLocale(locale: SessionUser['locale']): Promise<void> {
    if (user.value !== null) user.value = { ...user.value, locale };
    await useServices().api.send('PUT', '/session/preferences', { locale }, z.unknown());
  }

  /** Called by the API client on a 401: resolves when the agent has signed in again over the page. */
  function signInAgain(): Promise<boolean> {
    if (user.value === null) {
      state.value = 'signed-out';
      return Promise.resolve(false);
    }
    state.value = 'expired';
    return new Promise((resolve) => waiting.push(resolve));
  }

  async function signOut(): Promise<void> {
    await useServices()
      .api.send('DELETE', '/session', undefined, z.unknown(), { anonymous: true })
      .catch(() => undefined);
    user.value = null;
    csrfToken.value = null;
    state.value = 'signed-out';
    for (const resolve of waiting.splice(0)) resolve(false);
  }

  const permissions = computed(() => new Set<string>(user.value?.permissions ?? []));
  const may = (permission: PermissionName): boolean => permissions.value.has(permission);

  return { state, user, csrfToken, chosenLocale, may, start, signIn, signInAgain, signOut, preferLocale };
});
