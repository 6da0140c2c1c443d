import { createSocket } from 'node:dgram';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** Resolves with a TCP port that was free a moment ago, or with null when `port` is taken. */
export function probeTcp(host: string, port = 0): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

/** Why nothing can listen there, as an error code (EADDRINUSE, EADDRNOTAVAIL, ENOTFOUND, EACCES …); null: it can. */
export function bindFault(host: string, port = 0): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** True when a UDP port is free. */
export function probeUdp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

export async function freeTcpPort(host: string): Promise<number> {
  const port = await probeTcp(host);
  if (port === null) throw new Error(`no free TCP port at ${host}`);
  return port;
}

/** A port that is free for UDP and for TCP, as SIP needs it. */
export async function freeSipPort(host: string): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = await freeTcpPort(host);
    if (await probeUdp(host, port)) return port;
  }
  throw new Error(`no free SIP port at ${host}`);
}

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/**
 * Ports a process has bound, from /proc (proc(5), net/tcp and net/udp); null where that is not to be had, i.e. not on
 * Linux. Tells a port of ours from one that another process took between our probe and Asterisk's start.
 */
export function listenersOf(pid: number): Listener[] | null {
  try {
    const inodes = new Set<string>();
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
    return (['tcp', 'udp'] as const).flatMap((protocol) => boundPorts(protocol, inodes));
  } catch {
    return null;
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function boundPorts(protocol: 'tcp' | 'udp', inodes: ReadonlySet<string>): Listener[] {
  const unconnected = protocol === 'tcp' ? '0A' : '07';
  return readFileSync(`/proc/net/${protocol}`, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === unconnected && inodes.has(columns[9] ?? ''))
    .map((columns) => ({ protocol, port: parseInt((columns[1] ?? '').split(':')[1] ?? '0', 16) }));
}
