import fs from 'node:fs';

/**
 * Whether somebody has bound a UDP port, from /proc/net/udp (proc(5)). To find it out by binding the port oneself would take it from
 * the program that is about to bind it.
 */
export function udpBound(host: string, port: number): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = host.split('.').map(Number);
  const address = [d, c, b, a].map((octet) => octet.toString(16).padStart(2, '0')).join('').toUpperCase();
  const wanted = `${address}:${port.toString(16).padStart(4, '0').toUpperCase()}`;
  return fs.readFileSync('/proc/net/udp', 'utf8').split('\n').some((row) => row.trim().split(/\s+/)[1] === wanted);
}
