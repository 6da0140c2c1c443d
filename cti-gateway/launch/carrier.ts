import { join } from 'node:path';
import { type Distribution, ensureAsterisk } from './asterisk/distribution';
import { AsteriskInstance } from './asterisk/instance';
import { freeSipPort, freeTcpPort } from './asterisk/ports';
import { repositoryRoot } from './repository';
import { randomSecret } from './secrets';

/** The demo's public network: a second Asterisk that plays the provider of the trunk. See `dialplans/carrier/README.md`. */
export interface Carrier {
  /** REST interface with its account in it, `http://user:password@host:port/ari`; value of HOTLINE_DEMO_CARRIER_URL. */
  readonly ariUrl: string;
  readonly sip: { readonly host: string; readonly port: number };
  rx(command: string): Promise<string>;
  onExit(listener: (code: number | null) => void): () => void;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

export interface CarrierOptions {
  readonly dir: string;
  /** Where the hotline takes calls of the trunk. */
  readonly hotline: { readonly host: string; readonly port: number };
  /** Its own address; the hotline must know it as its trunk. */
  readonly sip: { readonly host: string; readonly port: number };
  /** A test call is hung up after this long. */
  readonly talkSeconds?: number;
  readonly distribution?: Distribution;
}

/** An address for a carrier; apart from the hotline's own, because a trunk is recognised by its address. */
export async function carrierAddress(): Promise<{ host: string; port: number }> {
  const host = '127.0.0.2';
  return { host, port: await freeSipPort(host) };
}

/** Templates it shares with the hotline; the rest is its own. */
const SHARED = ['asterisk.conf', 'modules.d', 'logger.conf', 'http.conf', 'rtp.conf', 'indications.conf', 'features.conf', 'musiconhold.conf', 'pjproject.conf', 'ccss.conf', 'acl.conf', 'udptl.conf', 'queuerules.conf', 'websocket_client.conf', 'cdr.conf'];

export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const distribution = options.distribution ?? (await ensureAsterisk());
  const dialplans = join(repositoryRoot(), 'dialplans');
  const http = { host: '127.0.0.1', port: await freeTcpPort('127.0.0.1') };
  const password = randomSecret();
  const instance = await AsteriskInstance.start({
    distribution,
    dir: options.dir,
    dialplans,
    render: { values: carrierValues(options, http, password), only: SHARED, overlay: join(dialplans, 'carrier') },
    listeners: [
      { protocol: 'tcp', port: http.port },
      { protocol: 'udp', port: options.sip.port },
    ],
  });
  return {
    ariUrl: `http://demo:${password}@${http.host}:${http.port}/ari`,
    sip: options.sip,
    rx: (command) => instance.rx(command),
    onExit: (listener) => instance.onExit(listener),
    stop: () => instance.stop(),
    restart: () => instance.restart(),
  };
}

function carrierValues({ hotline, sip, talkSeconds }: CarrierOptions, http: { host: string; port: number }, password: string): Record<string, string | number> {
  return {
    SYSTEM_NAME: 'carrier',
    HTTP_BIND: http.host,
    HTTP_PORT: http.port,
    ARI_USER: 'demo',
    ARI_PASSWORD: password,
    SIP_BIND: sip.host,
    SIP_PORT: sip.port,
    MEDIA_ADDRESS: sip.host,
    MEDIA_BIND: 'yes',
    RTP_OPTIONS: '',
    RTP_START: 10_000,
    RTP_END: 29_999,
    HOTLINE_HOST: hotline.host,
    HOTLINE_PORT: hotline.port,
    HOTLINE_MATCH: hotline.host,
    TALK_SECONDS: talkSeconds ?? 60,
  };
}
