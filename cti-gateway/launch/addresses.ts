import { lookup } from 'node:dns/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bindFault } from './asterisk/ports';

const EVERY = ['0.0.0.0', '::'];

/** Where this machine reaches itself at an address it listens at. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** The same, as it stands in a URL. */
export function urlHost(host: string): string {
  const address = reachable(host);
  return isIPv6(address) ? `[${address}]` : address;
}

/** Where others reach this machine at an address it listens at: with every address, the first that is not the machine's own. */
export function reachableFromOutside(host: string): string {
  if (!EVERY.includes(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? reachable(host);
}

export interface Addresses {
  readonly host: string;
  readonly ctiHost: string;
  readonly sipHost: string;
  readonly mediaAddress: string | null;
}

/** What is wrong with the addresses, each sentence beginning with the variable's name. */
export async function addressProblems({ host, ctiHost, sipHost, mediaAddress }: Addresses): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, value] of [['HOTLINE_HOST', host], ...(ctiHost === host ? [] : [['HOTLINE_CTI_HOST', ctiHost] as const])] as const) {
    if ((await bindFault(value)) !== null)
      problems.push(`${name} must be an address of this machine, or 0.0.0.0 for all of them, not "${value}"`);
  }
  if (!isIPv4(sipHost) || (await bindFault(sipHost)) !== null)
    problems.push(`HOTLINE_SIP_HOST must be an IPv4 address of this machine, or 0.0.0.0 for all of them, not "${sipHost}"`);
  if (mediaAddress !== null && !(await isFound(mediaAddress)))
    problems.push(`HOTLINE_MEDIA_ADDRESS must be an IP address or a host name that can be found, not "${mediaAddress}"`);
  return problems;
}

async function isFound(host: string): Promise<boolean> {
  if (!/^[A-Za-z0-9.:-]+$/.test(host)) return false;
  return lookup(host).then(
    () => true,
    () => false,
  );
}
