import type { CallDisposition, DispositionList } from '../../../contract/dispositions';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import { callById } from '../../db/repositories/calls.repository';
import { allDispositions, dispositionsOfCalls, putDisposition, removeDisposition } from '../../db/repositories/dispositions.repository';
import { recordOfCall } from '../../db/repositories/hotline-records.repository';
import type { UserActor } from '../../http/actor';

/** How a call went (通话结果): a closed list, one entry of it for each call, the last word counting. */
export class DispositionsService {
  constructor(private readonly app: AppContext) {}

  get required(): boolean {
    return this.app.config.dispositionRequired;
  }

  async list(): Promise<DispositionList> {
    const rows = await allDispositions(this.app.db.read);
    return { required: this.required, items: rows.map(({ position: _position, ...row }) => row) };
  }

  /** @throws AppError `not_found` for a call this agent had no part in; a field error for a code that is not on the list. */
  async set(actor: UserActor, callId: string, disposition: string | null): Promise<CallDisposition> {
    await this.app.db.write(async (tx) => {
      if (!(await hadPart(tx, actor, callId))) throw AppError.notFound();
      await this.store(tx, { actor, callId, disposition });
    });
    return { callId, disposition };
  }

  /** Within a transaction of somebody who has seen to whose call it is. */
  async store(tx: Tx, { actor, callId, disposition }: { actor: UserActor; callId: string; disposition: string | null }): Promise<void> {
    if (disposition === null) return removeDisposition(tx, callId);
    if (((await dispositionsOfCalls(tx, [callId])).get(callId) ?? null) === disposition) return;
    const known = (await allDispositions(tx)).some(({ code, active }) => active && code === disposition);
    if (!known) throw AppError.field('disposition', 'invalid_value');
    await putDisposition(tx, { callId, code: disposition, setById: actor.userId, setAt: this.app.now() });
  }
}

/** The row of a call that has just ended may still be on its way: then its record, begun at the answer, says whose it is. */
async function hadPart(tx: Tx, actor: UserActor, callId: string): Promise<boolean> {
  if (actor.extension !== null && (await callById(tx, callId, actor.extension)) !== null) return true;
  return (await recordOfCall(tx, callId, actor.userId)) !== null;
}
