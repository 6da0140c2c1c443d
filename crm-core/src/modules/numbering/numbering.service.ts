import { RULES_VERSION } from '../../../caller-id';
import type { Numbering, NumberingChange, NumberingTry, NumberingTryResult, Rekeying } from '../../../contract/numbering';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import type { Tx } from '../../db';
import type { NumberingVersionRow, RuleSet } from '../../db/entities/numbering.entity';
import { countAll } from '../../db/repositories/link-tasks.repository';
import { insertNumbering, insertRekeying, newestNumbering, newestRekeying, nextRekeying } from '../../db/repositories/numbering.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { writeAudit } from '../audit/audit.service';
import type { MatchService } from '../match/match.service';
import { NumberReading, rulesOfEnvironment } from '../numbers/number-reading';

interface Parts {
  readonly reading: NumberReading;
  readonly matching: MatchService;
}

/** How numbers are written on each line and trunk: the environment's rules, until an administrator saves others. */
export class NumberingService {
  /** Called when stored keys are to be made again. */
  onChanged: () => void = () => undefined;
  private version = 0;

  constructor(
    private readonly app: AppContext,
    private readonly parts: Parts,
  ) {}

  /**
   * At every start: the saved rules hold; where none are saved those of the environment. What has changed since the last start, the
   * environment or the library's own rules, orders keys to be made again.
   */
  async adopt(): Promise<void> {
    const environment = rulesOfEnvironment(this.app.config);
    await this.app.db.write(async (tx) => {
      const newest = await newestNumbering(tx);
      const rules = newest === null || newest.createdById === null ? environment : { ...newest.rules, library: RULES_VERSION };
      if (newest !== null && JSON.stringify(newest.rules) === JSON.stringify(rules)) return;
      await this.insert(tx, newest, { rules, createdAt: this.app.now(), createdById: newest?.createdById ?? null });
    });
    await this.refresh();
  }

  /** Takes over rules that another process has saved. */
  async refresh(): Promise<false> {
    const newest = await newestNumbering(this.app.db.read);
    if (newest !== null && newest.version !== this.version) {
      this.version = newest.version;
      this.parts.reading.use(newest.rules);
    }
    return false;
  }

  async get(tx: Tx = this.app.db.read): Promise<Numbering> {
    const newest = await newestNumbering(tx);
    if (newest === null) throw AppError.notFound();
    const { rules, version, createdAt, createdById } = newest;
    const user = createdById === null ? undefined : (await usersByIds(tx, [createdById])).get(createdById);
    return {
      default: rules.default,
      exceptions: [...rules.exceptions],
      version,
      saved: createdById !== null,
      changedAt: createdById === null ? null : createdAt.toISOString(),
      changedBy: user?.displayName ?? null,
    };
  }

  async change(actor: UserActor, { version, ...wanted }: NumberingChange): Promise<Numbering> {
    const at = this.app.now();
    const rules: RuleSet = { ...wanted, library: RULES_VERSION };
    const changed = await this.app.db.write(async (tx) => {
      const newest = await newestNumbering(tx);
      const before = await this.get(tx);
      if (newest === null || newest.version !== version) throw AppError.versionConflict(before);
      await this.insert(tx, newest, { rules, createdAt: at, createdById: actor.userId });
      const after = await this.get(tx);
      await writeAudit(tx, { userId: actor.userId, at }, { action: 'numbering.changed', before, after });
      return after;
    });
    await this.refresh();
    this.onChanged();
    return changed;
  }

  /** Reads and looks up with rules as they would be; nothing is kept. */
  async try({ callerId, rules, ...at }: NumberingTry): Promise<NumberingTryResult> {
    const reading = rules === null ? this.parts.reading : new NumberReading({ ...rules, library: RULES_VERSION });
    const match = await this.parts.matching.lookUp(this.app.db.read, reading.caller(callerId, at));
    const { rules: used, areaCodeFrom, exception } = reading.usedFor(at);
    return { match, used: { ...used, areaCodeFrom, exception } };
  }

  async rekeying(): Promise<Rekeying> {
    const { read } = this.app.db;
    const run = (await nextRekeying(read)) ?? (await newestRekeying(read));
    if (run === null) return { state: 'idle', stage: null, done: 0, total: 0, changed: 0, startedAt: null, finishedAt: null };
    const { stage, done, total, changed, startedAt, finishedAt } = run;
    return {
      state: stage === 'finished' ? 'idle' : 'running',
      stage: stage === 'finished' ? null : stage,
      done,
      // Rows that came in meanwhile have been made with the new rules, but are looked at too.
      total: Math.max(total, done),
      changed,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
    };
  }

  private async insert(tx: Tx, newest: NumberingVersionRow | null, row: Omit<NumberingVersionRow, 'version'>): Promise<void> {
    const version = (newest?.version ?? 0) + 1;
    await insertNumbering(tx, { ...row, version });
    if (newest === null) return;
    await insertRekeying(tx, {
      sequence: version,
      rulesBefore: newest.rules,
      rulesAfter: row.rules,
      stage: 'numbers',
      position: null,
      done: 0,
      total: (await countAll(tx, 'phone_number')) + (await countAll(tx, 'call')),
      changed: 0,
      startedAt: row.createdAt,
      finishedAt: null,
    });
  }
}
