import fs from 'node:fs';
import path from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import { AppError } from '../app-error';
import { stateOf } from './request-state';

/** Files whose name holds a hash of their content never change; everything else is asked for again. */
const HASHED = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/;

/** A call's id ends in `.7`: that is no file. */
const FILE_NAME = /\.[a-z]\w*$/i;

/** The built panel: its files, and its start page for every other address a person may open or reload. */
export function panel(directory: string): Router {
  const router = Router();
  router.use((_request, response, next) => {
    stateOf(response).route = 'panel';
    next();
  });
  router.use(
    express.static(directory, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders: (response, file) => {
        response.setHeader('Cache-Control', HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use(startPage(directory));
  return router;
}

function startPage(directory: string): RequestHandler {
  const file = path.join(directory, 'index.html');
  return (request, response, next) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const wantsPage = reads && !FILE_NAME.test(request.path) && request.accepts('html') === 'html';
    if (!wantsPage) return next(new AppError('not_found'));
    if (!fs.existsSync(file)) {
      return void response.status(503).type('text/plain').send('The panel is not built. Run: npm run build\n');
    }
    response.setHeader('Cache-Control', 'no-cache');
    // Relative to its root: a folder above it whose name begins with a dot is no hidden file.
    response.sendFile('index.html', { root: path.resolve(directory) });
  };
}
