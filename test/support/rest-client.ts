import { CallLogPage, Session, type CallLogEntry } from '../../crm-core/contract';

/** A signed-in person's REST session, for looking at what was kept. */
export class RestClient {
  private constructor(
    private readonly baseUrl: string,
    private readonly cookie: string,
    private readonly session: Session,
  ) {}

  static async signIn(panelUrl: string, username: string, password: string): Promise<RestClient> {
    const baseUrl = `${panelUrl.replace(/\/$/, '')}/api/v1`;
    const response = await fetch(`${baseUrl}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) throw new Error(`Sign-in answered ${response.status}: ${await response.text()}`);
    const cookie = response.headers.getSetCookie().map((value) => value.split(';')[0]).join('; ');
    return new RestClient(baseUrl, cookie, Session.parse(await response.json()));
  }

  async get(path: string): Promise<unknown> {
    return this.request('GET', path);
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.request('POST', path, body);
  }

  async put(path: string, body: unknown): Promise<unknown> {
    return this.request('PUT', path, body);
  }

  async patch(path: string, body: unknown): Promise<unknown> {
    return this.request('PATCH', path, body);
  }

  async delete(path: string): Promise<unknown> {
    return this.request('DELETE', path);
  }

  /** Newest first. */
  async calls(query = ''): Promise<CallLogEntry[]> {
    return CallLogPage.parse(await this.get(`/calls?limit=50&${query}`)).items;
  }

  private async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { cookie: this.cookie, 'content-type': 'application/json', 'x-csrf-token': this.session.csrfToken },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}
