import { ActiveCallerMarks } from '../../../../crm-core/contract/caller-marks';
import { CallLogEntry, type CallIntake } from '../../../../crm-core/contract/calls';
import { ErrorBody } from '../../../../crm-core/contract/common';
import { MatchResult } from '../../../../crm-core/contract/match';
import { AgentList, type AgentListItem } from '../../../../crm-core/contract/users';
import type { MatchView } from '../../../protocol';
import { CrmError, type CrmDirectory, type NumberQuestion } from '../../ports/crm-directory';

export interface CrmClientOptions {
  /** e.g. `http://127.0.0.1:8080` */
  readonly baseUrl: string;
  readonly token: string;
  readonly matchDeadlineMs?: number;
  readonly deliverDeadlineMs?: number;
  readonly pingDeadlineMs?: number;
}

/** Statuses that say "this row, never": everything else may be different later (a wrong token included). */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 413, 422]);

/** crm-core over its REST interface. Every request has a deadline; every answer is parsed before it is believed. */
export class CrmClient implements CrmDirectory {
  constructor(private readonly options: CrmClientOptions) {}

  async match({ callerId, line, areaCode, trunk, context }: NumberQuestion, signal?: AbortSignal): Promise<MatchView> {
    const response = await this.send('POST', '/api/v1/match', {
      body: { callerId, line: clip(line, 32), areaCode: clip(areaCode, 8), trunk: clip(trunk, 80), context },
      deadlineMs: this.options.matchDeadlineMs ?? 8_000,
      signal,
    });
    if (!response.ok) throw new CrmError('misbehaved', await why(response));
    const result = MatchResult.safeParse(await response.json().catch(() => null));
    if (!result.success) throw new CrmError('misbehaved', 'An answer to match that is not one');
    return result.data;
  }

  async deliverCall(row: CallIntake, signal?: AbortSignal): Promise<{ status: 'accepted' } | { status: 'refused'; message: string }> {
    const path = `/api/v1/calls/${encodeURIComponent(row.callId)}`;
    const response = await this.send('PUT', path, { body: row, deadlineMs: this.options.deliverDeadlineMs ?? 15_000, signal });
    if (response.ok) {
      const kept = CallLogEntry.pick({ callId: true }).safeParse(await response.json().catch(() => null));
      // Whatever else answers at that address has not kept the row.
      if (kept.data?.callId !== row.callId) throw new CrmError('misbehaved', 'An answer to a row that is not one');
      return { status: 'accepted' };
    }
    const message = await why(response);
    if (REFUSALS.has(response.status)) return { status: 'refused', message };
    throw new CrmError('misbehaved', message);
  }

  async callerMarks(
    knownVersion: string | null,
    { waitMs = 0, signal }: { readonly waitMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<ActiveCallerMarks | 'unchanged'> {
    const waitSec = knownVersion === null ? 0 : Math.floor(waitMs / 1000);
    const response = await this.send('GET', `/api/v1/caller-marks?active=true${waitSec > 0 ? `&wait=${waitSec}` : ''}`, {
      deadlineMs: waitSec * 1000 + (this.options.deliverDeadlineMs ?? 15_000),
      signal,
      ...(knownVersion !== null && { headers: { 'if-none-match': `"${knownVersion}"` } }),
    });
    if (response.status === 304) return 'unchanged';
    if (!response.ok) throw new CrmError('misbehaved', await why(response));
    const list = ActiveCallerMarks.safeParse(await response.json().catch(() => null));
    if (!list.success) throw new CrmError('misbehaved', 'A list of marked callers that is not one');
    return list.data;
  }

  async agents(signal?: AbortSignal): Promise<readonly AgentListItem[]> {
    const response = await this.send('GET', '/api/v1/agents', { deadlineMs: this.options.deliverDeadlineMs ?? 15_000, signal });
    if (!response.ok) throw new CrmError('misbehaved', await why(response));
    const list = AgentList.safeParse(await response.json().catch(() => null));
    if (!list.success) throw new CrmError('misbehaved', 'A list of agents that is not one');
    return list.data.items;
  }

  async ping(signal?: AbortSignal): Promise<boolean> {
    try {
      const response = await this.send('GET', '/readyz', { deadlineMs: this.options.pingDeadlineMs ?? 2_000, signal });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  private async send(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Readonly<Record<string, string>>; deadlineMs: number; signal: AbortSignal | undefined },
  ): Promise<Response> {
    const { body, headers, deadlineMs, signal } = options;
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await fetch(new URL(path, this.options.baseUrl), {
        method,
        headers: {
          authorization: `Bearer ${this.options.token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        redirect: 'error',
      });
    } catch (cause) {
      throw new CrmError('unreachable', cause instanceof Error ? `${cause.name}: ${cause.message}` : 'No answer');
    }
  }
}

/** Longer than crm-core takes is the name of no line and no trunk. */
function clip(value: string | null, length: number): string | null {
  return value === null ? null : value.slice(0, length);
}

async function why(response: Response): Promise<string> {
  const body = ErrorBody.safeParse(await response.json().catch(() => null));
  if (!body.success) return `crm-core answered ${response.status}`;
  const { code, fields } = body.data.error;
  return [`crm-core answered ${response.status} ${code}`, ...(fields ?? []).map((field) => `${field.path}: ${field.code}`)].join('; ');
}
