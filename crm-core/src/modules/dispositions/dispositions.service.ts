import { createHash } from 'node:crypto';
import type { CallDisposition, DispositionChange, DispositionList } from '../../../contract/dispositions';
import { AppError, type FieldError } from '../../app-error';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import type { DispositionRow } from '../../db/entities/disposition.entity';
import {
  allDispositions,
  codesInUse,
  deleteDispositions,
  dispositionsOfCalls,
  putDisposition,
  putDispositionRow,
  removeDisposition,
} from '../../db/repositories/dispositions.repository';
import { recordOfCall } from '../../db/repositories/hotline-records.repository';
import type { UserActor } from '../../http/actor';
import { writeAudit } from '../audit/audit.service';
import { partIn } from '../calls/call-part';

/** How a call went (通话结果): a closed list, one entry of it for each call, the last word counting. */
export class DispositionsService {
  constructor(private readonly app: AppContext) {}

  get required(): boolean {
    return this.app.config.dispositionRequired;
  }

  list(): Promise<DispositionList> {
    return this.read(this.app.db.read);
  }

  /**
   * Replaces the list by another, in its order.
   *
   * @throws AppError `version_conflict` with the list as it is; `validation_failed`: at `items` when one is required and none could be
   * chosen, at `items.N.…` with `already_exists` for what is there twice; `in_use` when one that calls have is missing.
   */
  async change(actor: UserActor, { version, items }: DispositionChange): Promise<DispositionList> {
    return this.app.db.write(async (tx) => {
      const before = await this.read(tx);
      if (before.version !== version) throw AppError.versionConflict(before);
      const fields = [
        ...twice(items),
        ...(this.required && !items.some(({ active }) => active) ? [{ path: 'items', code: 'required' as const }] : []),
      ];
      if (fields.length > 0) throw new AppError('validation_failed', { fields });
      const gone = before.items.map(({ code }) => code).filter((code) => !items.some((item) => item.code === code));
      if ((await codesInUse(tx, gone)).length > 0) throw new AppError('in_use');
      await deleteDispositions(tx, gone);
      for (const [position, item] of items.entries()) await putDispositionRow(tx, { ...item, position });
      const after = await this.read(tx);
      if (after.version === version) return after;
      await writeAudit(tx, { userId: actor.userId, at: this.app.now() }, { action: 'dispositions.changed', before, after });
      return after;
    });
  }

  /** @throws AppError `not_found` for a call this agent had no part in; a field error for a code that is not on the list. */
  async set(actor: UserActor, callId: string, disposition: string | null): Promise<CallDisposition> {
    await this.app.db.write(async (tx) => {
      if (!(await hadPart(tx, actor, callId))) throw AppError.notFound();
      await this.store(tx, { actor, callId, disposition });
    });
    return { callId, disposition };
  }

  private async read(tx: Tx): Promise<DispositionList> {
    const items = (await allDispositions(tx)).map(({ code, zh, en, active }) => ({ code, zh, en, active }));
    const version = createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 22);
    return { required: this.required, items, version };
  }

  /** Within a transaction of somebody who has seen to whose call it is. */
  async store(tx: Tx, { actor, callId, disposition }: { actor: UserActor; callId: string; disposition: string | null }): Promise<void> {
    if (disposition === null) return removeDisposition(tx, callId);
    if (((await dispositionsOfCalls(tx, [callId])).get(callId) ?? null) === disposition) return;
    const known = (await allDispositions(tx)).some(({ code, active }) => active && code === disposition);
    if (!known) throw AppError.field('disposition', 'invalid_choice');
    await putDisposition(tx, { callId, code: disposition, setById: actor.userId, setAt: this.app.now() });
  }
}

/** The row of a call that has just ended may still be on its way: then its record, begun at the answer, says whose it is. */
async function hadPart(tx: Tx, actor: UserActor, callId: string): Promise<boolean> {
  const { call, isOthers } = await partIn(tx, actor, callId);
  return call === null ? (await recordOfCall(tx, callId, actor.userId)) !== null : !isOthers;
}

/** Codes and words by which two could not be told apart. */
function twice(items: readonly Omit<DispositionRow, 'position'>[]): FieldError[] {
  return (['code', 'zh', 'en'] as const).flatMap((field) =>
    items.flatMap((item, index) =>
      items.findIndex((other) => other[field].toLowerCase() === item[field].toLowerCase()) < index
        ? [{ path: `items.${index}.${field}`, code: 'already_exists' }]
        : [],
    ),
  );
}
