import type { AppContext } from './context';
import { newId } from './db';
import { countUsers, insertUser } from './db/repositories/users.repository';
import { fillWithDemo } from './demo/fill';
import type { Services } from './modules/routes';
import { hashPassword } from './modules/session/passwords';

/**
 * What an empty database begins with: the demo's people and customers, or the first administrator, or nobody. A database with
 * users is left as it is, whatever is configured.
 */
export async function fillEmptyDatabase(app: AppContext, services: Services): Promise<void> {
  if ((await countUsers(app.db.read)) > 0) return;
  if (app.config.demo !== null) {
    await fillWithDemo(app, services, app.config.demo.password);
    app.log.info('empty database filled with the demo');
    return;
  }
  if (app.config.adminPassword === null) {
    app.log.warn('the database has no users; set HOTLINE_ADMIN_PASSWORD to make the administrator "admin"');
    return;
  }
  await createAdministrator(app, app.config.adminPassword);
  app.log.info({ username: 'admin' }, 'first administrator made');
}

async function createAdministrator({ db, now }: AppContext, password: string): Promise<void> {
  const at = now();
  const passwordHash = await hashPassword(password);
  await db.write(async (tx) => {
    // Two services on one empty database: the second finds the first one's administrator.
    if ((await countUsers(tx)) > 0) return;
    await insertUser(tx, {
      userId: newId(),
      username: 'admin',
      displayName: '系统管理员',
      role: 'administrator',
      extension: null,
      passwordHash,
      enabled: true,
      locale: 'zh-CN',
      createdAt: at,
      updatedAt: at,
      version: 1,
    });
  });
}
