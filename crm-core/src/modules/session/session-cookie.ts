import type { Request, Response } from 'express';
import { parse, serialize } from 'cookie';

const NAME = 'hotline_session';

export function readSessionToken(request: Request): string | null {
  const token = parse(request.headers.cookie ?? '')[NAME];
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : null;
}

/** Out of reach of scripts, never sent along from another site, and only over TLS where the panel came over TLS. */
export function setSessionCookie(request: Request, response: Response, token: string, endsAt: Date): void {
  const cookie = serialize(NAME, token, { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/', expires: endsAt });
  response.append('Set-Cookie', cookie);
}

export function clearSessionCookie(request: Request, response: Response): void {
  const cookie = serialize(NAME, '', { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/', maxAge: 0 });
  response.append('Set-Cookie', cookie);
}
