import type { GatewayConfig } from './config';

type Start = Pick<GatewayConfig, 'host' | 'port' | 'dataDir'>;

/** Why the gateway could not start, in a sentence that names the setting to look at: what only trying could show. */
export function startFailure(error: unknown, { host, port, dataDir }: Start): string {
  const [code, syscall] = [property(error, 'code'), property(error, 'syscall')];
  const message = property(error, 'message') || String(error);
  if (property(error, 'path') !== '') return `HOTLINE_DATA_DIR (${dataDir}) cannot be used: ${message}.`;
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is taken. Set HOTLINE_CTI_PORT to a free one.`;
  if (code === 'EACCES' && syscall === 'listen')
    return `port ${port} may not be opened by this user. Set HOTLINE_CTI_PORT to one above 1023.`;
  if (syscall === 'listen' || syscall === 'getaddrinfo')
    return `"${host}" is no address of this machine (${code}). Set HOTLINE_CTI_HOST to one of them, or to 0.0.0.0 for all.`;
  return message;
}

function property(error: unknown, name: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}
