import type { ZodType, infer as Infer } from 'zod';
import { ErrorBody } from '../../../crm-core/contract';

/** `network`: no answer came; `unexpected_answer`: one that the contract does not know. Others are crm-core's own codes. */
export type ApiErrorCode = 'network' | 'unexpected_answer' | (string & {});

export interface FieldProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What a request failed with. `status` 0: crm-core was not reached, nothing is known about the outcome. */
export class ApiError extends Error {
  constructor(
    readonly code: ApiErrorCode,
    readonly status: number,
    readonly fields: readonly FieldProblem[] = [],
    readonly requestId: string | null = null,
    message: string = code,
    /** Beside `version_conflict`: the record as it is now. */
    readonly current: unknown = undefined,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Worth trying again as it is: not reached, overloaded, or failing. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asApiError(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError('unexpected_answer', 500, [], null, String(cause));
}

export type Query = Readonly<Record<string, string | number | boolean | undefined | null>>;

export interface ApiOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly csrfToken: () => string | null;
  /** The session is gone: resolves true once the same person is signed in again, false when they are not coming back. */
  readonly signInAgain: () => Promise<boolean>;
  readonly timeoutMs?: number;
}

export interface RequestOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** A 401 is the answer, not the end of the session (signing in, asking who is signed in). */
  readonly anonymous?: boolean;
  /** Lives on while the page goes away. */
  readonly keepalive?: boolean;
}

export interface Api {
  get<S extends ZodType>(path: string, schema: S, options?: RequestOptions): Promise<Infer<S>>;
  send<S extends ZodType>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    schema: S,
    options?: RequestOptions,
  ): Promise<Infer<S>>;
}

const BASE = '/api/v1';
/** Browsers refuse more than 64 kB of bodies that outlive their page; a character of Chinese takes three bytes. */
const KEEPALIVE_CHARACTERS = 16_000;

function urlOf(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return `${BASE}${path}${text ? `?${text}` : ''}`;
}

async function failureOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) return new ApiError('unexpected_answer', response.status, [], null, `HTTP ${response.status}`);
  const { code, message, requestId, fields, current } = parsed.data.error;
  return new ApiError(code, response.status, fields ?? [], requestId, message, current);
}

async function answerOf<S extends ZodType>(response: Response, schema: S): Promise<Infer<S>> {
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError('unexpected_answer', response.status, [], null, parsed.error.message);
}

/**
 * crm-core's REST interface as the panel uses it: cookie session, CSRF token on every change, answers checked against the contract.
 * Throws {@link ApiError} only. When the session has ended it waits for the agent to sign in again and repeats the request once,
 * so that nothing typed is lost.
 */
export function createApi(options: ApiOptions): Api {
  const fetchNow = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => globalThis.fetch(input, init));
  const timeoutMs = options.timeoutMs ?? 15_000;

  async function once(method: string, path: string, body: unknown, request: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? undefined : JSON.stringify(body);
    const token = options.csrfToken();
    if (method !== 'GET' && token !== null) headers['x-csrf-token'] = token;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    const cancel = () => late.abort();
    request.signal?.addEventListener('abort', cancel);
    try {
      return await fetchNow(urlOf(path, request.query), {
        method,
        headers,
        credentials: 'same-origin',
        signal: late.signal,
        keepalive: request.keepalive === true && (text?.length ?? 0) < KEEPALIVE_CHARACTERS,
        ...(text === undefined ? {} : { body: text }),
      });
    } catch (cause) {
      throw new ApiError(request.signal?.aborted ? 'cancelled' : 'network', 0, [], null, String(cause));
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  async function run<S extends ZodType>(
    method: string,
    path: string,
    body: unknown,
    schema: S,
    request: RequestOptions,
  ): Promise<Infer<S>> {
    let response = await once(method, path, body, request);
    if (response.status === 401 && !request.anonymous && (await options.signInAgain())) response = await once(method, path, body, request);
    if (!response.ok) throw await failureOf(response);
    return answerOf(response, schema);
  }

  return {
    get: (path, schema, request = {}) => run('GET', path, undefined, schema, request),
    send: (method, path, body, schema, request = {}) => run(method, path, body, schema, request),
  };
}
