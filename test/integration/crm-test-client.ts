import type { z } from 'zod';
import { ErrorBody } from '../../crm-core/contract/common';
import { Session } from '../../crm-core/contract/session';

/** An answer as a test looks at it. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly text: string,
  ) {}

  get json(): unknown {
    return JSON.parse(this.text);
  }

  /** The body of a success, as the contract has it. */
  as<T extends z.ZodType>(schema: T): z.output<T> {
    if (this.status >= 300) throw new Error(`Expected a success, got ${this.status}: ${this.text}`);
    return schema.parse(this.json);
  }

  get error(): ErrorBody['error'] {
    if (this.status < 400) throw new Error(`Expected an error, got ${this.status}: ${this.text}`);
    return ErrorBody.parse(this.json).error;
  }

  /** `path: code` of every field that was named. */
  get fieldCodes(): string[] {
    return (this.error.fields ?? []).map((field) => `${field.path}: ${field.code}`).sort();
  }
}

type Headers_ = Record<string, string>;

/** A browser or a program, as far as crm-core sees one: keeps the cookie, sends the CSRF token. */
export class CrmClient {
  cookie: string | null = null;
  csrfToken: string | null = null;

  constructor(
    private readonly origin: () => string,
    private readonly headers: Headers_ = {},
  ) {}

  async signIn(username: string, password: string): Promise<Session> {
    const answer = await this.post('/session', { username, password });
    const session = answer.as(Session);
    this.cookie = (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? null;
    this.csrfToken = session.csrfToken;
    return session;
  }

  get(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
    const text = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    return this.send('GET', text === '' ? path : `${path}?${text}`);
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  async send(method: string, path: string, body?: unknown, headers: Headers_ = {}): Promise<Answer> {
    const url = path.startsWith('//') ? `${this.origin()}${path.slice(1)}` : `${this.origin()}/api/v1${path}`;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...(this.csrfToken === null ? {} : { 'x-csrf-token': this.csrfToken }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return new Answer(response.status, response.headers, await response.text());
  }
}
