import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Permission } from '../../contract/session';
import type { Access, Actor, UserActor } from './actor';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a handler gets: everything parsed, and who asks. */
export interface RouteInput<P, Q, B, A> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly actor: A;
  readonly request: Request;
  readonly response: Response;
}

interface Described<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: Method;
  /** Express path under `/api/v1`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Shape of the answer; absent: 204 without a body. */
  readonly answer?: R;
  /** What a success is answered with, if not 200: the first of them, unless the handler sets another. */
  readonly statuses?: readonly (200 | 201)[];
  /** Answers with an `ETag`, and 304 to whoever names it in `If-None-Match`. */
  readonly revalidates?: boolean;
  /** The handler sends the answer itself, and it is no JSON but this. */
  readonly media?: string;
  /** Every request counts as a search, or as a guess of a password. A list that takes `q` or `number` counts by itself. */
  readonly limit?: 'search' | 'password';
}

type Handler<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType, A> = (
  input: RouteInput<z.output<P>, z.output<Q>, z.output<B>, A>,
) => Promise<z.output<R> | undefined | void>;

/** One endpoint: its documentation, who may call it, its schemas and what it does. The router and OpenAPI are made from it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly access: Access | 'public';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  readonly statuses?: readonly (200 | 201)[];
  readonly revalidates?: boolean;
  readonly media?: string;
  readonly limit?: 'search' | 'password';
  /** A method, so that handlers of narrower input fit in; `api-router.ts` parses with the schemas beside it before it calls. */
  handle(input: RouteInput<unknown, unknown, unknown, Actor | null>): Promise<unknown>;
}

/** Every status a success of the route can have; the first is that of a handler that sets none. */
export function statusesOf({ answer, media, statuses = [200], revalidates }: Route): readonly [number, ...number[]] {
  if (media !== undefined) return [200, 206];
  if (answer === undefined) return [204];
  const [first = 200, ...others] = statuses;
  return revalidates === true ? [first, ...others, 304] : [first, ...others];
}

type None = z.ZodUndefined;

/** A route of signed-in people, and of no machine. */
export function userRoute<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None, R extends z.ZodType = None>(
  spec: Described<P, Q, B, R> & { access: { permissions: readonly Permission[]; machine?: never }; handle: Handler<P, Q, B, R, UserActor> },
): Route {
  return spec;
}

/** A route of machines, or of machines and people. */
export function machineRoute<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = None,
  R extends z.ZodType = None,
>(spec: Described<P, Q, B, R> & { access: Access; handle: Handler<P, Q, B, R, Actor> }): Route {
  return spec;
}

export function publicRoute<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None, R extends z.ZodType = None>(
  spec: Described<P, Q, B, R> & { handle: Handler<P, Q, B, R, null> },
): Route {
  return { ...spec, access: 'public' };
}
