import { ChangePasswordRequest, CtiTicket, PreferencesRequest, Session, SignInRequest } from '../../../contract/session';
import { AppError } from '../../app-error';
import { publicRoute, userRoute, type Route } from '../../http/route';
import { clearSessionCookie, readSessionToken, setSessionCookie } from './session-cookie';
import type { SessionService } from './session.service';

export function sessionRoutes(sessions: SessionService): Route[] {
  return [
    publicRoute({
      method: 'post',
      path: '/session',
      summary: 'Sign in. Sets the session cookie.',
      body: SignInRequest,
      answer: Session,
      handle: async ({ body, request, response }) => {
        const { token, endsAt, session } = await sessions.signIn(body);
        setSessionCookie(request, response, token, endsAt);
        return session;
      },
    }),
    userRoute({
      method: 'get',
      path: '/session',
      summary: 'Who is signed in, and the CSRF token for requests that change something.',
      access: { permissions: [] },
      answer: Session,
      handle: async ({ actor, request }) => {
        const token = readSessionToken(request);
        if (token === null) throw new AppError('not_signed_in');
        return sessions.describe(actor, token);
      },
    }),
    userRoute({
      method: 'delete',
      path: '/session',
      summary: 'Sign out.',
      access: { permissions: [] },
      handle: async ({ actor, request, response }) => {
        await sessions.signOut(actor);
        clearSessionCookie(request, response);
      },
    }),
    userRoute({
      method: 'post',
      path: '/session/ticket',
      summary: 'A ticket for the WebSocket of the CTI gateway, for one use within a minute.',
      access: { permissions: [] },
      answer: CtiTicket,
      handle: async ({ actor }) => sessions.ticket(actor),
    }),
    userRoute({
      method: 'put',
      path: '/session/password',
      summary: 'Change one’s own password. Ends one’s other sessions.',
      access: { permissions: [] },
      body: ChangePasswordRequest,
      limit: 'password',
      handle: ({ actor, body }) => sessions.changePassword(actor, body),
    }),
    userRoute({
      method: 'put',
      path: '/session/preferences',
      summary: 'Change one’s language.',
      access: { permissions: [] },
      body: PreferencesRequest,
      handle: ({ actor, body }) => sessions.setPreferences(actor, body),
    }),
  ];
}
