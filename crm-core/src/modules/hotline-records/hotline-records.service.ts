import type {
  BeginHotlineRecord,
  HotlineRecord,
  HotlineRecordPage,
  HotlineRecordPatch,
  HotlineRecordQuery,
  NewHotlineRecord,
} from '../../../contract/hotline-records';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { databaseFault, type Tx } from '../../db';
import type { HotlineRecordRow } from '../../db/entities/hotline-record.entity';
import { customerById } from '../../db/repositories/customers.repository';
import { dispositionsOfCalls } from '../../db/repositories/dispositions.repository';
import { insertRecord, pageOfRecords, recordById, recordOfCall, updateRecord } from '../../db/repositories/hotline-records.repository';
import type { Actor, UserActor } from '../../http/actor';
import { presentFields } from '../../present-fields';
import type { CallLinks } from '../calls/call-links';
import { partIn } from '../calls/call-part';
import { requireContactOf } from '../customers/customers.service';
import type { DispositionsService } from '../dispositions/dispositions.service';
import type { MatchService } from '../match/match.service';
import type { NumberReading } from '../numbers/number-reading';
import { toRecords } from './hotline-records.mapper';
import { factsAsSent, factsOfCall } from './record-facts';
import { blankRecord, contactOfPatch, filterOf, requireComplete } from './record-rules';

interface Parts {
  readonly reading: NumberReading;
  readonly matching: MatchService;
  readonly links: CallLinks;
  readonly dispositions: DispositionsService;
}

/** 热线记录: what was said and whether it is settled. Who served is never taken from the request, nor anything its call's row tells. */
export class HotlineRecordsService {
  constructor(
    private readonly app: AppContext,
    private readonly parts: Parts,
  ) {}

  async page(actor: Actor, query: HotlineRecordQuery): Promise<HotlineRecordPage> {
    const { read } = this.app.db;
    const number = (query.number ?? '').trim();
    const numberKeys = this.parts.reading.keysOf(number);
    if (number !== '' && numberKeys.length === 0) return { items: [], nextCursor: null };
    const asked = { ...filterOf(query), ...(number === '' ? {} : { numberKeys }), ...visibleTo(actor) };
    const { items, nextCursor } = await pageOfRecords(read, asked, query);
    return { items: await toRecords(read, items), nextCursor };
  }

  async get(actor: Actor, recordId: string): Promise<HotlineRecord> {
    const row = await visibleRecord(this.app.db.read, actor, recordId);
    return one(this.app.db.read, row);
  }

  /**
   * Begins the record of a call, once for each call and agent: asked again, also at the same moment, it gives the same record.
   * Without a customer in the request it takes the one whose number it is, if that is certain.
   *
   * @throws AppError `not_found` for a call that others had. While its row is not there nobody knows whose it is: then a record is begun,
   * and when the row comes it tells whether the call follows it.
   */
  async begin(actor: UserActor, callId: string, input: BeginHotlineRecord): Promise<{ record: HotlineRecord; created: boolean }> {
    const present = await this.present(actor, callId);
    if (present !== null) return { record: present, created: false };
    try {
      const record = await this.app.db.write(async (tx) => {
        const row = await this.beginning(tx, actor, { callId, input });
        return this.insert(tx, actor, row);
      });
      return { record, created: true };
    } catch (error) {
      if (databaseFault(error) !== 'unique') throw error;
      const winner = await this.present(actor, callId);
      if (winner === null) throw error;
      return { record: winner, created: false };
    }
  }

  async create(actor: UserActor, input: NewHotlineRecord): Promise<HotlineRecord> {
    return this.app.db.write(async (tx) => {
      await requireCustomer(tx, input.customerId);
      await requireContactOf(tx, input.customerId, input.contactId);
      const row = { ...blankRecord(actor.userId, this.app.now()), ...input };
      requireComplete(row);
      return this.insert(tx, actor, row);
    });
  }

  async change(actor: UserActor, recordId: string, { version, disposition, ...patch }: HotlineRecordPatch): Promise<HotlineRecord> {
    return this.app.db.write(async (tx) => {
      const current = await visibleRecord(tx, actor, recordId);
      if (current.servedById !== actor.userId && !actor.permissions.has('hotline.edit_all')) throw new AppError('forbidden');
      if (current.version !== version) throw AppError.versionConflict(await one(tx, current));
      const changes = { ...presentFields(patch), ...contactOfPatch(current, patch) };
      const next = { ...current, ...changes };
      if (next.customerId !== current.customerId) await requireCustomer(tx, next.customerId);
      const moved = next.customerId !== current.customerId || next.contactId !== current.contactId;
      if (moved) await requireContactOf(tx, next.customerId, next.contactId);
      const said = await this.say(tx, actor, { record: current, disposition });
      // One that was done before this was asked for stays so.
      const asked = this.parts.dispositions.required && current.status !== 'done';
      requireComplete(next, { disposition: asked ? said : undefined });
      const signed = { updatedAt: this.app.now(), updatedById: actor.userId };
      // Only what was named: the call's row may bring its own fields at the same moment.
      if (!(await updateRecord(tx, { recordId, version }, { ...changes, ...signed }))) {
        throw AppError.versionConflict(await one(tx, await visibleRecord(tx, actor, recordId)));
      }
      await this.parts.links.recordSaved(tx, next, { actor, former: current });
      return one(tx, await visibleRecord(tx, actor, recordId));
    });
  }

  /** @returns what is said of the record's call from now on; undefined where it has none, or where others have the say. */
  private async say(
    tx: Tx,
    actor: UserActor,
    { record: { callId, direction }, disposition }: { record: HotlineRecordRow; disposition: string | null | undefined },
  ): Promise<string | null | undefined> {
    if (callId === null) {
      if (disposition !== undefined && disposition !== null) throw AppError.field('disposition', 'invalid_choice');
      return undefined;
    }
    if ((await partIn(tx, actor, callId)).isOthers) {
      if (disposition !== undefined) throw AppError.field('disposition', 'not_found');
      return undefined;
    }
    if (disposition !== undefined) await this.parts.dispositions.store(tx, { actor, callId, disposition });
    if (direction === 'internal') return undefined;
    return (await dispositionsOfCalls(tx, [callId])).get(callId) ?? null;
  }

  private async present(actor: UserActor, callId: string): Promise<HotlineRecord | null> {
    const row = await recordOfCall(this.app.db.read, callId, actor.userId);
    return row === null ? null : one(this.app.db.read, row);
  }

  private async beginning(
    tx: Tx,
    actor: UserActor,
    { callId, input }: { callId: string; input: BeginHotlineRecord },
  ): Promise<HotlineRecordRow> {
    const { reading, matching } = this.parts;
    const { call, isOthers } = await partIn(tx, actor, callId);
    if (isOthers) throw AppError.notFound();
    const now = this.app.now();
    const facts = call === null ? factsAsSent(input, reading, now) : factsOfCall(call, actor.extension, reading);
    let { customerId, contactId } = input;
    await requireCustomer(tx, customerId);
    await requireContactOf(tx, customerId, contactId);
    if (customerId === null && facts.certain) {
      const { kind, owners, switchboard } = await matching.lookUp(tx, facts.caller);
      const owner = kind === 'known' || (kind === 'shared' && switchboard) ? owners[0] : undefined;
      const one = owners.every((other) => other.customerId === owner?.customerId);
      customerId = one ? (owner?.customerId ?? null) : null;
      // The company is certain behind a switchboard, which of its people calls is not.
      contactId = one && kind === 'known' ? (owner?.contactId ?? null) : null;
    }
    return { ...blankRecord(actor.userId, now), callId, ...facts.locked, customerId, contactId };
  }

  private async insert(tx: Tx, actor: UserActor, row: HotlineRecordRow): Promise<HotlineRecord> {
    await insertRecord(tx, row);
    await this.parts.links.recordSaved(tx, row, { actor, former: null });
    return one(tx, row);
  }
}

/** Without `hotline.view_all` only one's own. */
function visibleTo(actor: Actor): { servedById?: string } {
  return actor.kind === 'machine' || actor.permissions.has('hotline.view_all') ? {} : { servedById: actor.userId };
}

async function visibleRecord(tx: Tx, actor: Actor, recordId: string): Promise<HotlineRecordRow> {
  const row = await recordById(tx, recordId);
  const { servedById = row?.servedById } = visibleTo(actor);
  if (row === null || row.servedById !== servedById) throw AppError.notFound();
  return row;
}

async function one(tx: Tx, row: HotlineRecordRow): Promise<HotlineRecord> {
  const [record] = await toRecords(tx, [row]);
  if (record === undefined) throw new Error('A row gave no record.');
  return record;
}

async function requireCustomer(tx: Tx, customerId: string | null): Promise<void> {
  if (customerId !== null && (await customerById(tx, customerId)) === null) throw AppError.field('customerId', 'not_found');
}
