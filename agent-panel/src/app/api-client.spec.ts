import { z } from 'zod';
import { ApiError, createApi } from './api-client';

const Thing = z.object({ name: z.string() });
type Answer = { readonly status: number; readonly body?: unknown };

function server(...answers: Answer[]) {
  const requests: Array<{ url: string; init: RequestInit }> = [];
  const fetch = ((url: string, init: RequestInit) => {
    requests.push({ url, init });
    const answer = answers.shift();
    if (answer === undefined) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve({
      ok: answer.status < 400,
      status: answer.status,
      json: () => (answer.body === undefined ? Promise.reject(new Error('no body')) : Promise.resolve(answer.body)),
    } as Response);
  }) as unknown as typeof globalThis.fetch;
  return { requests, fetch };
}

const failure = (code: string, over = {}) => ({ error: { code, message: 'm', requestId: 'q1', ...over } });

describe('the API client', () => {
  it('asks with the query that is filled in, and checks the answer', async () => {
    const { fetch, requests } = server({ status: 200, body: { name: 'x', more: 1 } });
    const api = createApi({ fetch, csrfToken: () => 't', signInAgain: () => Promise.resolve(false) });
    expect(await api.get('/things', Thing, { query: { q: '云岭', cursor: undefined, limit: 5 } })).toEqual({ name: 'x' });
    expect(requests[0]?.url).toBe('/api/v1/things?q=%E4%BA%91%E5%B2%AD&limit=5');
    expect(requests[0]?.init.headers).not.toHaveProperty('x-csrf-token');
  });

  it('sends the CSRF token with every change', async () => {
    const { fetch, requests } = server({ status: 200, body: { name: 'x' } });
    await createApi({ fetch, csrfToken: () => 't', signInAgain: () => Promise.resolve(false) }).send('POST', '/things', { a: 1 }, Thing);
    expect(requests[0]?.init).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-csrf-token': 't', 'content-type': 'application/json' },
    });
  });

  it('tells which field was wrong', async () => {
    const { fetch } = server({
      status: 400,
      body: failure('validation_failed', { fields: [{ path: 'name', code: 'too_small', message: '' }] }),
    });
    const error = await createApi({ fetch, csrfToken: () => null, signInAgain: () => Promise.resolve(false) })
      .get('/things', Thing)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'validation_failed',
      status: 400,
      requestId: 'q1',
      fields: [{ path: 'name', code: 'too_small' }],
      retryable: false,
    });
  });

  it.each<[string, Answer[], string, boolean]>([
    ['no answer', [], 'network', true],
    ['an answer of another shape', [{ status: 200, body: { nom: 1 } }], 'unexpected_answer', false],
    ['a failure that is not ours', [{ status: 502, body: '<html>' }], 'unexpected_answer', true],
    ['a busy database', [{ status: 503, body: failure('database_busy') }], 'database_busy', true],
  ])('names %s', async (_name, answers, code, retryable) => {
    const { fetch } = server(...answers);
    const error = (await createApi({ fetch, csrfToken: () => null, signInAgain: () => Promise.resolve(false) })
      .get('/things', Thing)
      .catch((cause: unknown) => cause)) as ApiError;
    expect([error.code, error.retryable]).toEqual([code, retryable]);
  });

  it('waits for the agent to sign in again and repeats the request once', async () => {
    const { fetch, requests } = server({ status: 401, body: failure('not_signed_in') }, { status: 200, body: { name: 'x' } });
    let again: (value: boolean) => void = () => {};
    let token = 'old';
    const api = createApi({ fetch, csrfToken: () => token, signInAgain: () => new Promise((resolve) => (again = resolve)) });
    const answer = api.send('PATCH', '/things/1', { name: '写了很久' }, Thing);
    await new Promise((resolve) => setTimeout(resolve, 0));
    token = 'new';
    again(true);
    expect(await answer).toEqual({ name: 'x' });
    expect(requests[1]?.init).toMatchObject({ body: '{"name":"写了很久"}', headers: { 'x-csrf-token': 'new' } });
  });
});
