import type { CrmConfig } from './config';
import { databaseFault } from './db';
import { messageForLog } from './http/logging';

type Start = Pick<CrmConfig, 'host' | 'port' | 'database'>;

/** Why the service could not start, in a sentence that names the setting to look at: what only trying could show. */
export function startFailure(error: unknown, { host, port, database }: Start): string {
  const [code, syscall] = [property(error, 'code'), property(error, 'syscall')];
  const message = messageForLog(error);
  if (databaseFault(error) !== null || syscall === 'mkdir') {
    const place = database.dialect === 'sqlite' ? database.file : `${database.host}:${database.port}/${database.database}`;
    const settings = database.dialect === 'sqlite' ? 'DATABASE_URL and HOTLINE_DATA_DIR' : 'DATABASE_URL';
    return `the database ${place} cannot be used: ${message}. See ${settings}.`;
  }
  if (code === 'EADDRINUSE') return `port ${port} is taken by another program. Set HOTLINE_PORT to a free one.`;
  if (code === 'EACCES' && syscall === 'listen') return `port ${port} may not be opened by this user. Set HOTLINE_PORT to one above 1023.`;
  if (syscall === 'listen' || syscall === 'getaddrinfo')
    return `"${host}" is no address of this machine (${code}). Set HOTLINE_HOST to one of them, or to 0.0.0.0 for all.`;
  return message;
}

function property(error: unknown, name: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}
