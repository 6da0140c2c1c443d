import type { CallDirection, CallOutcome } from '../../../contract/calls';
import { NO_DISPOSITION } from '../../../contract/dispositions';
import { timeParameter } from '../columns';
import type { Tx } from '../database';
import type { CallAgentRow, CallLink, CallRow } from '../entities/call.entity';
import { cutPage, keysetPage, type Page, type PageRequest } from '../paging';

const CALL = 'call';
/** Three parameters each: SQL Server takes 2,100 in a statement. */
const AGENTS_AT_ONCE = 500;

export interface CallFilter {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly direction?: CallDirection;
  readonly outcome?: CallOutcome;
  /** This extension had a leg. */
  readonly agentExtension?: string;
  readonly queue?: string;
  readonly line?: string;
  readonly numberKeys?: readonly string[];
  readonly customerId?: string;
  /** Code said of the call; `none`: a talk with a customer of which nothing was said. */
  readonly disposition?: string;
  /** Only calls in which this extension had a leg. */
  readonly seenBy?: string;
}

/** To whom a call belongs and how that was found. */
export interface CallOwner {
  readonly customerId: string | null;
  readonly contactId: string | null;
  readonly link: CallLink | null;
}

export async function callById(tx: Tx, callId: string, seenBy?: string): Promise<CallRow | null> {
  const query = tx.createQueryBuilder<CallRow>(CALL, 'k').where('k.callId = :callId', { callId });
  if (seenBy !== undefined) query.andWhere(`EXISTS ${ofAgent()}`, { seenBy });
  return query.getOne();
}

export async function callsByIds(tx: Tx, callIds: readonly string[]): Promise<Map<string, CallRow>> {
  if (callIds.length === 0) return new Map();
  const rows = await tx
    .createQueryBuilder<CallRow>(CALL, 'k')
    .where('k.callId IN (:...callIds)', { callIds: [...new Set(callIds)] })
    .getMany();
  return new Map(rows.map((row) => [row.callId, row]));
}

export async function insertCall(tx: Tx, row: CallRow): Promise<void> {
  await tx.createQueryBuilder().insert().into<CallRow>(CALL).values(row).execute();
}

export async function updateCall(tx: Tx, callId: string, changes: Partial<CallRow>): Promise<boolean> {
  const result = await tx.createQueryBuilder().update<CallRow>(CALL).set(changes).where('callId = :callId', { callId }).execute();
  return result.affected === 1;
}

export async function replaceCallAgents(tx: Tx, rows: readonly CallAgentRow[], callId: string): Promise<void> {
  await tx.createQueryBuilder().delete().from<CallAgentRow>('call_agent').where('callId = :callId', { callId }).execute();
  for (let at = 0; at < rows.length; at += AGENTS_AT_ONCE) {
    await tx
      .createQueryBuilder()
      .insert()
      .into<CallAgentRow>('call_agent')
      .values(rows.slice(at, at + AGENTS_AT_ONCE))
      .execute();
  }
}

/** Extensions of whoever had a leg of it. */
export async function agentsOfCall(tx: Tx, callId: string): Promise<string[]> {
  const rows = await tx.createQueryBuilder<CallAgentRow>('call_agent', 'a').where('a.callId = :callId', { callId }).getMany();
  return rows.map(({ extension }) => extension);
}

export async function pageOfCalls(tx: Tx, filter: CallFilter, page: PageRequest): Promise<Page<CallRow>> {
  const query = tx.createQueryBuilder<CallRow>(CALL, 'k');
  const { from, to, numberKeys, agentExtension, seenBy, disposition, ...same } = filter;
  if (from !== undefined) query.andWhere('k.startedAt >= :from', { from: timeParameter(from) });
  if (to !== undefined) query.andWhere('k.startedAt < :to', { to: timeParameter(to) });
  for (const [column, value] of Object.entries(same)) query.andWhere(`k.${column} = :${column}`, { [column]: value });
  if (numberKeys !== undefined) query.andWhere('k.numberKey IN (:...numberKeys)', { numberKeys });
  if (seenBy !== undefined) query.andWhere(`EXISTS ${ofAgent()}`, { seenBy });
  if (agentExtension !== undefined) query.andWhere(`EXISTS ${ofAgent('agentExtension')}`, { agentExtension });
  if (disposition === NO_DISPOSITION)
    query.andWhere(
      "k.outcome = 'answered' AND k.direction <> 'internal' AND NOT EXISTS (SELECT 1 FROM call_dispositions cd WHERE cd.call_id = k.callId)",
    );
  else if (disposition !== undefined)
    query.andWhere('EXISTS (SELECT 1 FROM call_dispositions cd WHERE cd.call_id = k.callId AND cd.code = :disposition)', { disposition });
  const rows = await keysetPage(query, { at: 'k.startedAt', id: 'k.callId' }, page).getMany();
  return cutPage(rows, page.limit, (row) => ({ at: row.startedAt, id: row.callId }));
}

function ofAgent(parameter: 'seenBy' | 'agentExtension' = 'seenBy'): string {
  return `(SELECT 1 FROM call_agents ca WHERE ca.call_id = k.callId AND ca.extension = :${parameter})`;
}

export async function setCallOwner(tx: Tx, callId: string, owner: CallOwner): Promise<void> {
  await tx
    .createQueryBuilder()
    .update<CallRow>(CALL)
    .set({ ...owner })
    .where('callId = :callId', { callId })
    .execute();
}
