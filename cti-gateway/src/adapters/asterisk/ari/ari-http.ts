import http from 'node:http';
import https from 'node:https';
import { PbxError } from '../../../ports/pbx';

/** A request as swagger-client makes it, with those who wait for its answer. */
export interface SwaggerRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly on: {
    response(answer: { readonly status: number; readonly data: string; readonly obj: unknown }): void;
    /** The two fields are what swagger-client says of a description it could not have. */
    error(why: Error & { readonly status: number | string; readonly statusText: string }): void;
  };
}

const MAX_ANSWER_BYTES = 2_097_152;
/** A connection without a sign of life for so long is given up; whoever asked has had an earlier deadline. */
const SILENT_MS = 60_000;

/**
 * Asks in place of the HTTP client under swagger-client, which ends the process on an answer that is not the JSON or the gzip it says
 * it is, never says that a connection broke, takes a redirection for success, and follows it with the password, wherever it leads.
 *
 * Settles exactly once: with an answer that is ARI's (2xx with JSON, or 204), else with an error: Asterisk's words where it refused,
 * `unavailable` when nothing was sent, `timeout` when the connection broke before the answer (it may have been done).
 */
export function askInstead({ url, method, headers, body, on }: SwaggerRequest): void {
  const settle = once((error: Error | null, status: number, data: string) => {
    try {
      if (error !== null) throw error;
      on.response({ status, data, obj: contentOf(status, data) });
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown : new Error(String(thrown));
      on.error(Object.assign(why, { status: status || 'no answer', statusText: why.message }));
    }
  });
  const { request } = url.startsWith('https:') ? https : http;
  // No connection is kept: one that Asterisk has just closed would take the next click with it.
  const asked = request(url, { method: method.toUpperCase(), headers, agent: false, timeout: SILENT_MS });
  asked.on('response', (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) settle(notAri(response.statusCode), 0, '');
      if (bytes > MAX_ANSWER_BYTES) asked.destroy();
    });
    response.on('end', () => settle(null, response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
    response.on('error', (error) => settle(broken(error), 0, ''));
  });
  asked.on('timeout', () => asked.destroy(new Error('nothing comes any more')));
  asked.on('error', (error) => settle(broken(error), 0, ''));
  asked.end(body);
}

function contentOf(status: number, data: string): unknown {
  if (status >= 400) throw new Error(data || `answered ${status}`);
  if (status === 204) return null;
  if (status < 200 || status > 299) throw notAri(status);
  try {
    const content: unknown = JSON.parse(data);
    if (typeof content === 'object' && content !== null) return content;
  } catch {
    // said below
  }
  throw notAri(status);
}

function notAri(status: number | undefined): PbxError {
  return new PbxError('refused', `what answers ${status ?? 'there'} is not ARI`);
}

function broken(error: NodeJS.ErrnoException): PbxError {
  const sent = error.syscall !== 'connect' && error.syscall !== 'getaddrinfo';
  return sent
    ? new PbxError('timeout', `the connection broke before the answer: ${error.message}`)
    : new PbxError('unavailable', `no connection to ARI: ${error.message}`);
}

function once<A extends unknown[]>(call: (...given: A) => void): (...given: A) => void {
  let called = false;
  return (...given) => {
    if (!called) {
      called = true;
      call(...given);
    }
  };
}
