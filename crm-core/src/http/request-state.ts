import type { Response } from 'express';
import type { Locale } from '../../contract/session';
import type { Actor } from './actor';

/** What is known of a request on its way; the language falls back to that of the browser until somebody is signed in. */
export interface RequestState {
  readonly requestId: string;
  locale: Locale;
  /** Route's pattern, for logs and metrics: never the path itself, which may hold numbers. */
  route: string;
  actor: Actor | null;
}

const states = new WeakMap<Response, RequestState>();

export function beginState(response: Response, state: RequestState): void {
  states.set(response, state);
}

export function stateOf(response: Response): RequestState {
  const state = states.get(response);
  if (state === undefined) throw new Error('A request has no state: the request-context middleware must come first.');
  return state;
}

/** The first language of an Accept-Language header that we have; Chinese when there is none. */
export function preferredLocale(header: string | undefined): Locale {
  const ranges = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = Number(
      parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    return { tag, weight: Number.isFinite(weight) ? weight : 0 };
  });
  const known = ranges.filter(({ tag, weight }) => weight > 0 && /^(zh|en)\b/.test(tag)).sort((a, b) => b.weight - a.weight);
  return known[0]?.tag.startsWith('en') === true ? 'en' : 'zh-CN';
}
