import { CallLogEntry, type CallLogRow } from '../../crm-core/contract/calls';
import { LaunchError, messageOf } from './launch-error';

/** crm-core's call log, with the gateway's token. */
export class CallLogClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  async find(callId: string): Promise<CallLogEntry | null> {
    const response = await this.request('GET', callId);
    return response.status === 404 ? null : CallLogEntry.parse(await this.answer(response));
  }

  async put(row: CallLogRow): Promise<void> {
    await this.answer(await this.request('PUT', row.callId, row));
  }

  private async answer(response: Response): Promise<unknown> {
    if (!response.ok) throw new LaunchError(`crm-core answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    return response.json();
  }

  private request(method: string, callId: string, body?: CallLogRow): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    return fetch(`${this.baseUrl}/api/v1/calls/${encodeURIComponent(callId)}`, {
      method,
      headers,
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new LaunchError(`crm-core at ${this.baseUrl} does not answer (${messageOf(error)}); HOTLINE_CRM_URL says where it is.`);
    });
  }
}
