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

/** Reads `DATABASE_URL`: `sqlite:<file>` or `mssql://user:password@host:port/database`. Returns what is wrong with it as a sentence. */
export function parseDatabaseUrl(url: string): DatabaseTarget | { readonly problem: string } {
  if (url.startsWith('sqlite:')) {
    const file = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (file === '' || file.includes('\0')) return { problem: 'names no file; write sqlite:<file>' };
    return { dialect: 'sqlite', file: path.resolve(file) };
  }
  if (!url.startsWith('mssql://') || !URL.canParse(url)) {
    return { problem: 'must be sqlite:<file> or mssql://user:password@host:port/database' };
  }
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (parsed.hostname === '' || parsed.username === '' || database === '') return { problem: 'names no host, user or database' };
  return {
    dialect: 'mssql',
    host: parsed.hostname,
    port: parsed.port === '' ? 1433 : Number(parsed.port),
    username: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
    encrypt: parsed.searchParams.get('encrypt') !== 'false',
    trustServerCertificate: parsed.searchParams.get('trustServerCertificate') === 'true',
  };
}
