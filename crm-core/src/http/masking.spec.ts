import type { AddressInfo } from 'node:net';
import express from 'express';
import pino from 'pino';
import { AppError } from '../app-error';
import { errorMiddleware } from './error-middleware';
import { errorForLog, requestContext } from './logging';
import { Metrics } from './metrics';

const NUMBER = '13912345678';
/** As TypeORM has it. */
const failure = () =>
  Object.assign(new Error(`cannot take (${NUMBER})`), { name: 'QueryFailedError', query: 'SELECT ?', parameters: [NUMBER, '吴海燕'] });

describe('what is written of an error', () => {
  it('has neither numbers nor the values that were sent to the database', () => {
    const text = JSON.stringify([errorForLog(failure()), errorForLog(`rejected with ${NUMBER}`)]);
    expect(text).toContain('QueryFailedError');
    expect(text).toContain('cannot take (139****5678)');
    expect(text).not.toMatch(new RegExp(`${NUMBER}|吴海燕`));
  });

  it('has no numbers in the cause of a refusal either', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const app = express();
    app.use(requestContext(log, new Metrics()));
    app.use(() => {
      throw new AppError('database_unavailable', { cause: failure() });
    });
    app.use(errorMiddleware(log));
    const server = app.listen(0);
    const { status } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await new Promise((resolve) => server.close(resolve));
    expect(status).toBe(503);
    expect(lines.join('')).toContain('"cause":"cannot take (139****5678)"');
    expect(lines.join('')).not.toContain(NUMBER);
  });
});
