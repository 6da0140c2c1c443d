import express, { type Express, type RequestHandler } from 'express';
import { AppError } from '../app-error';
import type { AppContext } from '../context';
import { allRoutes, type Services } from '../modules/routes';
import { ActorLimits } from './actor-limits';
import { apiRouter } from './api-router';
import { Authentication } from './authentication';
import { errorMiddleware } from './error-middleware';
import { health } from './health';
import { requestContext } from './logging';
import { openApiDocument } from './openapi';
import { panel } from './panel';
import { DEFAULT_RATE_LIMITS, signInLimits, type RateLimits } from './rate-limits';
import { stateOf } from './request-state';
import { securityHeaders } from './security-headers';

export interface AppOptions {
  readonly rateLimits?: Partial<RateLimits>;
  /** See `ApiRouterOptions`. */
  readonly checkAnswers?: boolean;
  readonly isStopping?: () => boolean;
}

/** A finished call with many legs is the largest thing anybody sends. */
const BODY_LIMIT = '1mb';
const API_VERSION = '0.1.0';

/** The Express application: what stands before the routes, the routes, and what catches the rest. Listens to nothing yet. */
export function createApp(app: AppContext, services: Services, options: AppOptions = {}): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('trust proxy', app.config.trustedProxies === 0 ? false : app.config.trustedProxies);
  server.set('etag', false);
  server.set('query parser', 'simple');
  server.use(requestContext(app.log, app.metrics));
  server.use(securityHeaders(app.config));
  server.use(health(app, options.isStopping ?? (() => false)));
  server.use('/api/v1', apiV1(app, services, options));
  server.use('/api', notFound);
  server.use(panel(app.config.panelDir));
  server.use(errorMiddleware(app.log));
  return server;
}

function apiV1(app: AppContext, services: Services, options: AppOptions): express.Router {
  const router = express.Router();
  const routes = allRoutes(services);
  const document = openApiDocument(routes, API_VERSION);
  router.use(express.json({ limit: BODY_LIMIT, strict: true }));
  router.get('/openapi.json', (_request, response) => {
    stateOf(response).route = '/openapi.json';
    response.json(document);
  });
  const limits = { ...DEFAULT_RATE_LIMITS, ...options.rateLimits };
  router.post('/session', ...signInLimits(limits));
  const authentication = new Authentication(app, services.sessions);
  router.use(apiRouter(routes, { authentication, limits: new ActorLimits(limits), checkAnswers: options.checkAnswers ?? false }));
  router.use(notFound);
  return router;
}

const notFound: RequestHandler = () => {
  throw new AppError('not_found');
};
