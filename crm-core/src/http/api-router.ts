import assert from 'node:assert';
import { Router, type Request, type Response } from 'express';
import { AppError } from '../app-error';
import type { Actor } from './actor';
import type { ActorLimits } from './actor-limits';
import { authorise, refuseForeignOrigin, type Authentication } from './authentication';
import { stateOf } from './request-state';
import { statusesOf, type Method, type Route } from './route';
import { parseInput } from './validation';

export interface ApiRouterOptions {
  readonly authentication: Authentication;
  readonly limits: ActorLimits;
  /** Refuse to send an answer that is not what the contract says: for tests, where it shows a bug. */
  readonly checkAnswers: boolean;
}

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

/** All routes behind one door: authenticate, authorise, parse, limit, handle, answer. */
export function apiRouter(routes: readonly Route[], options: ApiRouterOptions): Router {
  const router = Router();
  for (const route of routes) {
    router[route.method](route.path, (request, response) => serve(route, { request, response }, options));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = METHODS.filter((method) => routes.some((route) => route.path === path && route.method === method));
    router.all(path, (_request, response) => {
      response.setHeader('Allow', allowed.join(', ').toUpperCase());
      throw new AppError('method_not_allowed');
    });
  }
  return router;
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

async function serve(route: Route, { request, response }: Exchange, options: ApiRouterOptions): Promise<void> {
  const state = stateOf(response);
  state.route = route.path;
  const actor = await admit(route, request, options.authentication);
  state.actor = actor;
  if (actor?.kind === 'user') state.locale = actor.locale;
  const statuses = statusesOf(route);
  response.status(statuses[0]);
  const params = parsed(route.params, request.params);
  const query = parsed(route.query, request.query);
  const body = parsed(route.body, bodyOf(route, request));
  if (actor !== null) options.limits.admit(route, actor, query);
  const answer = await route.handle({ params, query, body, actor, request, response });
  if (route.media !== undefined) return;
  if (options.checkAnswers) checkAnswer(route, response, answer);
  response.setHeader('Cache-Control', 'no-store');
  // Express itself would look at Cache-Control too, where fetch always asks for no cache.
  if (route.answer === undefined || response.statusCode === 304) return void response.end();
  response.json(answer);
}

/** What is sent is what is documented: a status that is declared, every field that is always there, and no other. */
function checkAnswer(route: Route, { statusCode }: Response, answer: unknown): void {
  if (!statusesOf(route).includes(statusCode)) throw new Error(`${route.method} ${route.path} does not declare ${statusCode}`);
  if (route.answer === undefined) return;
  assert.deepStrictEqual(asSent(answer), asSent(route.answer.parse(answer)));
}

function asSent(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer));
}

async function admit(route: Route, request: Request, authentication: Authentication): Promise<Actor | null> {
  if (route.access === 'public') {
    refuseForeignOrigin(request);
    return null;
  }
  const actor = await authentication.actorOf(request);
  authorise(actor, route.access);
  return actor;
}

function parsed(schema: Route['params'], value: unknown): unknown {
  return schema === undefined ? undefined : parseInput(schema, value);
}

/** JSON only: a form of another site cannot send it without asking first. */
function bodyOf(route: Route, request: Request): unknown {
  if (route.body === undefined) return undefined;
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw new AppError('unsupported_media_type');
  return request.body ?? {};
}
