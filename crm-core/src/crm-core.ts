import type { Logger } from 'pino';
import type { CrmConfig } from './config';
import type { AppContext } from './context';
import { Database } from './db';
import { fillEmptyDatabase } from './first-start';
import { createApp, type AppOptions } from './http/app';
import { Listener } from './http/listener';
import { Metrics } from './http/metrics';
import { BackgroundWork } from './modules/background/background-work';
import { buildServices, type Services } from './modules/routes';

export interface CrmCoreOptions extends Omit<AppOptions, 'isStopping'> {
  readonly now?: () => Date;
  readonly writeDeadlineMs?: number;
  /** Between two pieces of background work. */
  readonly backgroundPauseMs?: number;
}

/** The running service: database, first data, application, port. `main.ts` starts one, and so does every integration test. */
export class CrmCore {
  private closing: Promise<void> | undefined;
  private stopping = false;
  private listener: Listener | undefined;

  private readonly background: BackgroundWork;

  private constructor(
    readonly app: AppContext,
    private readonly services: Services,
    pauseMs?: number,
  ) {
    const { linking, numbering, rekeyer, marks } = services;
    this.background = new BackgroundWork([() => numbering.refresh(), () => rekeyer.step(), () => linking.next(app.db)], {
      log: app.log,
      ...(pauseMs === undefined ? {} : { pauseMs }),
    });
    numbering.onChanged = () => {
      // The spellings of a marked number follow the rules.
      marks.news.changed();
      this.background.kick();
    };
    linking.onOrdered = () => this.background.kick();
  }

  static async start(config: CrmConfig, log: Logger, options: CrmCoreOptions = {}): Promise<CrmCore> {
    const { now = () => new Date(), writeDeadlineMs, backgroundPauseMs, ...appOptions } = options;
    const db = await Database.open(config.database, writeDeadlineMs === undefined ? {} : { writeDeadlineMs });
    try {
      const app: AppContext = { config, db, log, metrics: new Metrics(), now };
      const services = buildServices(app);
      await services.apiClients.admitGateway();
      await services.numbering.adopt();
      await fillEmptyDatabase(app);
      const core = new CrmCore(app, services, backgroundPauseMs);
      const isStopping = () => core.stopping;
      core.listener = await Listener.open(createApp(app, services, { ...appOptions, isStopping }), config);
      core.background.kick();
      return core;
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  get port(): number {
    return this.listener?.port ?? 0;
  }

  /** Refuses new work, lets what has begun finish, closes the database. */
  close(): Promise<void> {
    this.stopping = true;
    this.closing ??= (async () => {
      this.services.marks.news.close();
      await this.listener?.close();
      await this.background.close();
      await this.app.db.close();
    })();
    return this.closing;
  }
}
