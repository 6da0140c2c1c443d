import path from 'node:path';

export type DatabaseTarget =
  | { readonly dialect: 'sqlite'; readonly file: string }
  | {
      readonly dialect: 'mssql';
      readonly host: string;
      readonly port: number;
      readonly username: string;
      readonly password: string;
      readonly database: string;
      /** `?encrypt=false`: no TLS to the server. */
      readonly encrypt: boolean;
      /** `?trustServerCertificate=true`: TLS with a certificate nobody signed. */
      readonly trustServerCertificate: boolean;
    };

interface Problem {
  readonly problem: string;
}

const FORM = 'must be sqlite:<file> or mssql://user:password@host:port/database';

/**
 * Reads `DATABASE_URL`: `sqlite:<file>` or `mssql://user:password@host:port/database`. Returns what is wrong with it as a sentence that
 * repeats nothing of it.
 */
export function parseDatabaseUrl(url: string): DatabaseTarget | Problem {
  if (url.startsWith('sqlite:')) return sqliteTarget(url.slice('sqlite:'.length));
  if (!url.startsWith('mssql://') || !URL.canParse(url)) return { problem: FORM };
  return mssqlTarget(new URL(url));
}

function sqliteTarget(text: string): DatabaseTarget | Problem {
  const file = text.replace(/^\/\/(?=\/)/, '');
  // A name with two slashes before it would be read as a host by others, one with a colon as no file by SQLite.
  if (file === '' || /^\/\/|^:|[?\0]/.test(file)) return { problem: 'names no file; write sqlite:<file>' };
  return { dialect: 'sqlite', file: path.resolve(file) };
}

function mssqlTarget(url: URL): DatabaseTarget | Problem {
  const [username, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (username === undefined || password === undefined || database === undefined)
    return { problem: 'has a % with no code after it; in user, password and database % is written %25' };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if ([host, username, password, database].includes('')) return { problem: 'names no host, user, password or database' };
  if (url.port === '0' || database.includes('/') || url.hash !== '') return { problem: FORM };
  if (!optionsAreKnown([...url.searchParams]))
    return { problem: 'may have ?encrypt= and trustServerCertificate=, each true or false, and nothing else' };
  return {
    dialect: 'mssql',
    host,
    port: url.port === '' ? 1433 : Number(url.port),
    username,
    password,
    database,
    encrypt: url.searchParams.get('encrypt') !== 'false',
    trustServerCertificate: url.searchParams.get('trustServerCertificate') === 'true',
  };
}

function optionsAreKnown(options: readonly (readonly [string, string])[]): boolean {
  const once = new Set(options.map(([name]) => name)).size === options.length;
  return (
    once && options.every(([name, value]) => ['encrypt', 'trustServerCertificate'].includes(name) && ['true', 'false'].includes(value))
  );
}

/** Undefined: it holds a `%` that begins no code. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
