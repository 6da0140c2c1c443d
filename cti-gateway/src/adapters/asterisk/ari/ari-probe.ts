import http from 'node:http';
import https from 'node:https';
import { LinkRefusedError } from '../link/link-loop';

/** Where Asterisk's HTTP server is (without `/ari`) and who we are there (ari.conf). */
export interface AriAccount {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const MAX_DESCRIPTION_BYTES = 262_144;

/**
 * Asks for ARI's description of itself before the client library does, which cannot tell a wrong password from a server that
 * is no Asterisk, and survives neither.
 *
 * @throws LinkRefusedError on 401 and 403; any other error is worth another attempt.
 */
export async function probeAri(account: AriAccount, signal: AbortSignal): Promise<void> {
  const { status, body } = await get(new URL('/ari/api-docs/resources.json', account.url), account, signal);
  if (status === 401 || status === 403) throw new LinkRefusedError(`ARI refuses the name or password (${status})`);
  if (status !== 200) throw new Error(`ARI answers ${status}`);
  if (!isDescription(body)) throw new Error('what answers at this address is not ARI');
}

function isDescription(body: string): boolean {
  try {
    const description = JSON.parse(body) as { swaggerVersion?: unknown; apis?: unknown } | null;
    return typeof description?.swaggerVersion === 'string' && Array.isArray(description.apis);
  } catch {
    return false;
  }
}

function get(url: URL, account: AriAccount, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(url, { auth: `${account.username}:${account.password}`, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_DESCRIPTION_BYTES) asked.destroy(new Error('what answers at this address is not ARI'));
        chunks.push(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
