import { createHash } from 'node:crypto';
import { formatForDisplay, storableKey } from '../../../caller-id';
import type {
  ActiveCallerMarks,
  CallerMark,
  CallerMarkPage,
  CallerMarkPatch,
  CallerMarkQuery,
  NewCallerMark,
} from '../../../contract/caller-marks';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { newId, Overtaken, type Tx } from '../../db';
import type { CallerMarkRow } from '../../db/entities/caller-mark.entity';
import { endExpiredMark, insertMark, markById, marksInForce, pageOfMarks, updateMark } from '../../db/repositories/caller-marks.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { writeAudit } from '../audit/audit.service';
import type { NumberReading } from '../numbers/number-reading';
import { dialFormsOf } from './dial-forms';
import { MarksNews } from './marks-news';

/** As many as the telephone side takes. */
const MARKS_LIMIT = 20_000;
/** Spelling a key out means reading every spelling: after so many the others get a turn. */
const SPELL_BATCH = 50;

/** Callers that are turned away or go first, by the key of their number. */
export class MarksService {
  private readonly forms = new Map<string, string[]>();
  private formsOfRules: unknown;
  /** Everything that may change what {@link active} answers. */
  readonly news = new MarksNews();

  constructor(
    private readonly app: AppContext,
    private readonly reading: NumberReading,
  ) {}

  async page(query: CallerMarkQuery): Promise<CallerMarkPage> {
    const { read } = this.app.db;
    const { items, nextCursor } = await pageOfMarks(read, query.state === 'current' ? this.app.now() : null, query);
    return { items: await this.toMarks(read, items), nextCursor };
  }

  /** All in force, for the telephone side; `version` is the same as long as they are. */
  async active(): Promise<ActiveCallerMarks> {
    const rows = await marksInForce(this.app.db.read, this.app.now(), MARKS_LIMIT);
    const items = [];
    for (const [index, { numberKey, numberClass, kind, untilAt }] of rows.entries()) {
      const dialForms = this.formsOf(numberKey);
      items.push({ key: numberKey, numberClass, dialForms, mark: kind, until: untilAt?.toISOString() ?? null });
      if (index % SPELL_BATCH === SPELL_BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    const version = createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 22);
    return { items, version };
  }

  /** @throws AppError `already_exists` when the number has a mark in force; field errors at `number` and `until`. */
  async create(actor: UserActor, { number, kind, reason, until }: NewCallerMark): Promise<CallerMark> {
    const at = this.app.now();
    const row: CallerMarkRow = {
      markId: newId(at.getTime()),
      ...this.read(number),
      kind,
      reason,
      untilAt: untilOf(until, at),
      createdAt: at,
      createdById: actor.userId,
      endedAt: null,
      endedById: null,
      version: 1,
    };
    return this.changing(async (tx) => {
      await endExpiredMark(tx, row.numberKey, at);
      await insertMark(tx, row);
      const after = await this.one(tx, row);
      await writeAudit(tx, { userId: actor.userId, at }, { action: 'caller_mark.created', numberKey: row.numberKey, before: null, after });
      return after;
    });
  }

  async change(actor: UserActor, markId: string, { version, kind, reason, until }: CallerMarkPatch): Promise<CallerMark> {
    const at = this.app.now();
    const changes: Partial<CallerMarkRow> = {
      ...(kind === undefined ? {} : { kind }),
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { untilAt: untilOf(until, at) }),
    };
    return this.changing(async (tx) => {
      const row = await markById(tx, markId);
      if (row === null || row.endedAt !== null) throw AppError.notFound();
      const before = await this.one(tx, row);
      if (!(await updateMark(tx, { markId, version }, changes))) throw AppError.versionConflict(before);
      const after = await this.one(tx, { ...row, ...changes, version: version + 1 });
      await writeAudit(tx, { userId: actor.userId, at }, { action: 'caller_mark.changed', numberKey: row.numberKey, before, after });
      return after;
    });
  }

  async end(actor: UserActor, markId: string): Promise<void> {
    const at = this.app.now();
    await this.changing(async (tx) => {
      const row = await markById(tx, markId);
      if (row === null || row.endedAt !== null) throw AppError.notFound();
      if (!(await updateMark(tx, row, { endedAt: at, endedById: actor.userId }))) throw new Overtaken();
      const before = await this.one(tx, row);
      await writeAudit(tx, { userId: actor.userId, at }, { action: 'caller_mark.ended', numberKey: row.numberKey, before, after: null });
    });
  }

  private async changing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await this.app.db.write(work);
    this.news.changed();
    return result;
  }

  private read(raw: string): Pick<CallerMarkRow, 'numberKey' | 'numberClass'> {
    const [number, ...others] = this.reading.stored(raw);
    if (number?.privacy === true) throw AppError.field('number', 'privacy_number');
    const numberKey = number === undefined || others.length > 0 ? null : storableKey(number);
    if (number === undefined || numberKey === null) throw AppError.field('number', 'not_a_number');
    return { numberKey, numberClass: number.numberClass };
  }

  private formsOf(key: string): string[] {
    if (this.formsOfRules !== this.reading.ruleSet) this.forms.clear();
    this.formsOfRules = this.reading.ruleSet;
    const known = this.forms.get(key);
    if (known !== undefined) return known;
    if (this.forms.size >= MARKS_LIMIT) this.forms.clear();
    const forms = dialFormsOf(key, this.reading);
    this.forms.set(key, forms);
    return forms;
  }

  private async one(tx: Tx, row: CallerMarkRow): Promise<CallerMark> {
    const [mark] = await this.toMarks(tx, [row]);
    if (mark === undefined) throw new Error('A row gave no mark.');
    return mark;
  }

  private async toMarks(tx: Tx, rows: readonly CallerMarkRow[]): Promise<CallerMark[]> {
    const now = this.app.now();
    const ids = rows.flatMap(({ createdById, endedById }) => (endedById === null ? [createdById] : [createdById, endedById]));
    const users = await usersByIds(tx, ids);
    return rows.map(({ numberKey, untilAt, createdAt, createdById, endedAt, endedById, ...same }) => ({
      ...same,
      key: numberKey,
      display: formatForDisplay(numberKey),
      until: untilAt?.toISOString() ?? null,
      active: endedAt === null && (untilAt === null || untilAt > now),
      createdAt: createdAt.toISOString(),
      createdBy: users.get(createdById)?.displayName ?? '',
      endedAt: endedAt?.toISOString() ?? null,
      endedBy: endedById === null ? null : (users.get(endedById)?.displayName ?? ''),
    }));
  }
}

function untilOf(until: string | null, now: Date): Date | null {
  if (until === null) return null;
  const at = new Date(until);
  if (at <= now) throw AppError.field('until', 'in_past');
  return at;
}
