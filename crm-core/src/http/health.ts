import { Router } from 'express';
import type { AppContext } from '../context';
import { stateOf } from './request-state';

/** `/healthz`: the process runs. `/readyz`: it can serve, so its database answers and it is not on its way out. `/metrics`: Prometheus. */
export function health({ db, metrics }: AppContext, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    stateOf(response).route = '/healthz';
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    stateOf(response).route = '/readyz';
    const database = await databaseState(db);
    const ready = database === 'up' && !isStopping();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', database, stopping: isStopping() });
  });
  router.get('/metrics', async (_request, response) => {
    stateOf(response).route = '/metrics';
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

async function databaseState(db: AppContext['db']): Promise<'up' | 'down'> {
  try {
    await db.ping();
    return 'up';
  } catch {
    return 'down';
  }
}
