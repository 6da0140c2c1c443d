import type { AppContext } from './context';
import { databaseFault, newId, type Tx } from './db';
import { countUsers, insertUser } from './db/repositories/users.repository';
import { fillWithDemo } from './demo/fill';
import { hashPassword } from './modules/session/passwords';

/**
 * What an empty database begins with: the demo's people and customers, or the first administrator, or nobody. A database with
 * users is left as it is, whatever is configured: users are there only when everything is, in one transaction.
 */
export async function fillEmptyDatabase(app: AppContext): Promise<void> {
  if ((await countUsers(app.db.read)) > 0) return;
  const { demo, adminPassword } = app.config;
  if (demo !== null) {
    const passwordHash = await hashPassword(demo.password);
    if (await fillOnce(app, (tx) => fillWithDemo({ ...app, db: app.db.within(tx) }, passwordHash)))
      app.log.info('empty database filled with the demo');
    return;
  }
  if (adminPassword === null) {
    app.log.warn('the database has no users; set HOTLINE_ADMIN_PASSWORD to make the administrator "admin"');
    return;
  }
  const passwordHash = await hashPassword(adminPassword);
  if (await fillOnce(app, (tx) => createAdministrator(app, tx, passwordHash)))
    app.log.info({ username: 'admin' }, 'first administrator made');
}

/** Two services may start on one empty database at once: false when the other has filled it. */
async function fillOnce({ db }: AppContext, fill: (tx: Tx) => Promise<void>): Promise<boolean> {
  try {
    return await db.write(async (tx) => {
      if ((await countUsers(tx)) > 0) return false;
      await fill(tx);
      return true;
    });
  } catch (error) {
    if (databaseFault(error) === 'unique' && (await countUsers(db.read)) > 0) return false;
    throw error;
  }
}

async function createAdministrator({ now }: AppContext, tx: Tx, passwordHash: string): Promise<void> {
  const at = now();
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
}
