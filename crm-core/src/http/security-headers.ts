import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { RequestHandler } from 'express';
import type { CrmConfig } from '../config';

/** Host names and addresses as they may stand in a Content-Security-Policy. */
const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?=:\d{1,5}$|$)/;

/**
 * Headers for the panel: scripts from here only, connections to the gateway only, the microphone for this page only.
 * The gateway is on the panel's host at another port unless configured, so the policy follows the Host header.
 */
export function securityHeaders(config: Pick<CrmConfig, 'ctiPort' | 'ctiUrl'>): RequestHandler {
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Components position their pop-ups by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:', 'data:', 'mediastream:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", (request: IncomingMessage, _response: ServerResponse) => ctiSources(request.headers.host, config)],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // A private address is often served without TLS; where there is TLS the proxy in front says so.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    response.setHeader('Permissions-Policy', 'microphone=(self), camera=(), geolocation=()');
    policy(request, response, next);
  };
}

/** The gateway's WebSockets, and plain requests to the same place: the panel asks there whether the gateway is back. */
function ctiSources(hostHeader: string | undefined, { ctiPort, ctiUrl }: Pick<CrmConfig, 'ctiPort' | 'ctiUrl'>): string {
  if (ctiUrl !== null) return sources(new URL(ctiUrl).protocol, new URL(ctiUrl).host);
  const host = HOST.exec(hostHeader ?? '')?.[0];
  return host === undefined ? "'self'" : `${sources('ws:', `${host}:${ctiPort}`)} ${sources('wss:', `${host}:${ctiPort}`)}`;
}

function sources(protocol: string, host: string): string {
  return `${protocol}//${host} ${protocol.replace(/^ws/, 'http')}//${host}`;
}
