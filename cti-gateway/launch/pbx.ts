import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsFromConfig, agentsToConfig, browserPhones, completeAgent, type AgentPhone, type AgentWish } from './agents';
import { type Distribution, ensureAsterisk } from './asterisk/distribution';
import { AsteriskInstance, PortLostError } from './asterisk/instance';
import { freeSipPort, freeTcpPort } from './asterisk/ports';
import { linesFromConfig, linesToConfig, linesToEnv, type Line } from './lines';
import { repositoryRoot } from './repository';
import { randomSecret } from './secrets';

/** Addresses and accounts of a running hotline Asterisk, and the handle to end it. */
export interface PbxInstance {
  readonly dir: string;
  readonly distribution: Distribution;
  readonly ami: {
    readonly host: string;
    readonly port: number;
    /** The gateway's account: actions, and the feed where one account serves both. */
    readonly user: string;
    readonly secret: string;
    /** Reads only; may ask for snapshots. */
    readonly feed: { readonly user: string; readonly secret: string };
  };
  readonly ari: { readonly url: string; readonly user: string; readonly password: string };
  readonly http: { readonly host: string; readonly port: number };
  /** SIP over WebSocket for browser phones. */
  readonly sipWsUrl: string;
  /** SIP over UDP and TCP: trunk and desk phones. */
  readonly sip: { readonly host: string; readonly port: number };
  readonly recordingsDir: string;
  /** JSON `{ "1001": { "password": "…" } }`, see HOTLINE_PHONES_FILE. */
  readonly phonesFile: string;
  readonly agents: readonly AgentPhone[];
  readonly lines: readonly Line[];
  pid(): number | null;
  /** Environment of a cti-gateway for this Asterisk. */
  gatewayEnv(): Record<string, string>;
  /** A command of Asterisk's console, e.g. `core show channels concise`. */
  rx(command: string): Promise<string>;
  /** Called when Asterisk ends by itself. */
  onExit(listener: (code: number | null) => void): () => void;
  stop(): Promise<void>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** Starts again with the same ports, accounts and state. */
  restart(): Promise<void>;
}

export interface PbxOptions {
  /** Folder of the instance; a second start in it finds queue members and recordings again. */
  readonly dir: string;
  /** Default: those of `dialplans/agents.conf`. */
  readonly agents?: readonly AgentWish[];
  /** Default: those of `dialplans/extensions.d/lines.conf`. */
  readonly lines?: readonly Line[];
  /** Address of the public network; calls from that address are the trunk's. Default 127.0.0.2:5060. */
  readonly trunk?: { readonly host: string; readonly port: number };
  /** Address of AMI, ARI and SIP over WebSocket. Default 127.0.0.1. */
  readonly host?: string;
  /** Address for trunk and desk phones. Default: `host`. */
  readonly sipHost?: string;
  readonly ports?: { readonly ami?: number; readonly http?: number; readonly sip?: number };
  readonly rtp?: { readonly first: number; readonly last: number };
  /** Address browsers send their audio to. Default: `host`. */
  readonly mediaAddress?: string;
  /** Password of a telephone by extension. Default: random. */
  readonly passwordOf?: (extension: string) => string;
  readonly queue?: { readonly strategy?: string; readonly ringSeconds?: number; readonly waitSeconds?: number };
  /** How long a customer's phone rings when called. */
  readonly outboundRingSeconds?: number;
  readonly systemName?: string;
  readonly distribution?: Distribution;
}

const LOOPBACK = '127.0.0.1';
const START_ATTEMPTS = 3;

/** Starts an Asterisk with the project's `dialplans/` and waits until it takes calls. */
export async function startPbx(options: PbxOptions): Promise<PbxInstance> {
  const distribution = options.distribution ?? (await ensureAsterisk());
  const dialplans = join(repositoryRoot(), 'dialplans');
  const plan = await planPbx(options, dialplans);
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(options, plan.host);
    try {
      return await launchPbx(options, { distribution, dialplans, plan, ports });
    } catch (error) {
      if (!(error instanceof PortLostError) || attempt >= START_ATTEMPTS) throw error;
    }
  }
}

interface Plan {
  readonly host: string;
  readonly agents: readonly AgentPhone[];
  readonly lines: readonly Line[];
  readonly linesText: string;
  readonly secrets: { readonly ami: string; readonly feed: string; readonly ari: string };
}

interface Ports {
  readonly ami: number;
  readonly http: number;
  readonly sip: number;
}

async function planPbx(options: PbxOptions, dialplans: string): Promise<Plan> {
  const agentsText = readFileSync(join(dialplans, 'agents.conf'), 'utf8');
  const linesText = readFileSync(join(dialplans, 'extensions.d/lines.conf'), 'utf8');
  const passwordOf = options.passwordOf ?? (() => randomSecret(18));
  return {
    host: options.host ?? LOOPBACK,
    agents: options.agents?.map(completeAgent) ?? agentsFromConfig(agentsText, passwordOf),
    lines: options.lines ?? linesFromConfig(linesText),
    linesText: options.lines === undefined ? linesText : linesToConfig(linesText, options.lines),
    secrets: { ami: randomSecret(), feed: randomSecret(), ari: randomSecret() },
  };
}

async function choosePorts({ ports, sipHost }: PbxOptions, host: string): Promise<Ports> {
  return {
    ami: ports?.ami ?? (await freeTcpPort(host)),
    http: ports?.http ?? (await freeTcpPort(host)),
    sip: ports?.sip ?? (await freeSipPort(sipHost ?? host)),
  };
}

interface Launch {
  readonly distribution: Distribution;
  readonly dialplans: string;
  readonly plan: Plan;
  readonly ports: Ports;
}

async function launchPbx(options: PbxOptions, launch: Launch): Promise<PbxInstance> {
  const { plan, ports, distribution, dialplans } = launch;
  const instance = await AsteriskInstance.start({
    distribution,
    dir: options.dir,
    dialplans,
    render: {
      values: pbxValues(options, plan, ports),
      replace: { 'agents.conf': agentsToConfig(plan.agents), 'extensions.d/lines.conf': plan.linesText },
    },
    listeners: [
      { protocol: 'tcp', port: ports.ami },
      { protocol: 'tcp', port: ports.http },
      { protocol: 'tcp', port: ports.sip },
      { protocol: 'udp', port: ports.sip },
    ],
  });
  const phonesFile = join(options.dir, 'phones.json');
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  writeFileSync(phonesFile, `${JSON.stringify(browserPhones(plan.agents), null, 2)}\n`, { mode: 0o600 });
  return describe(instance, { ...launch, sipHost: options.sipHost ?? plan.host }, phonesFile);
}

function pbxValues(options: PbxOptions, plan: Plan, ports: Ports): Record<string, string | number> {
  const trunk = options.trunk ?? { host: '127.0.0.2', port: 5060 };
  const main = plan.lines[0];
  const media = options.mediaAddress ?? plan.host;
  return {
    SYSTEM_NAME: options.systemName ?? 'hotline',
    AMI_BIND: plan.host,
    AMI_PORT: ports.ami,
    AMI_PERMIT: '127.0.0.0/255.0.0.0',
    AMI_USER: 'gateway',
    AMI_SECRET: plan.secrets.ami,
    AMI_FEED_USER: 'gateway-feed',
    AMI_FEED_SECRET: plan.secrets.feed,
    HTTP_BIND: plan.host,
    HTTP_PORT: ports.http,
    ARI_USER: 'gateway',
    ARI_PASSWORD: plan.secrets.ari,
    SIP_BIND: options.sipHost ?? plan.host,
    SIP_PORT: ports.sip,
    TRANSPORT_OPTIONS: '',
    MEDIA_OPTIONS: `endpoint/media_address = ${media}${media === plan.host ? '\nendpoint/bind_rtp_to_media_address = yes' : ''}`,
    RTP_START: options.rtp?.first ?? 10_000,
    RTP_END: options.rtp?.last ?? 29_999,
    TRUNK_HOST: trunk.host,
    TRUNK_PORT: trunk.port,
    TRUNK_MATCH: trunk.host,
    TRUNK_QUALIFY_SECONDS: 0,
    DESK_QUALIFY_SECONDS: 0,
    QUEUE_STRATEGY: options.queue?.strategy ?? 'rrmemory',
    QUEUE_RING_SECONDS: options.queue?.ringSeconds ?? 20,
    QUEUE_WAIT_SECONDS: options.queue?.waitSeconds ?? 600,
    QUEUE_ANNOUNCE_SECONDS: 0,
    OUTBOUND_LINE: main?.number ?? '',
    OUTBOUND_AREA: main?.areaCode ?? '',
    OUTBOUND_RING_SECONDS: options.outboundRingSeconds ?? 45,
  };
}

function describe(instance: AsteriskInstance, { plan, ports, distribution, sipHost }: Launch & { readonly sipHost: string }, phonesFile: string): PbxInstance {
  const { host, secrets } = plan;
  const ami = { host, port: ports.ami, user: 'gateway', secret: secrets.ami, feed: { user: 'gateway-feed', secret: secrets.feed } };
  const ari = { url: `http://${host}:${ports.http}`, user: 'gateway', password: secrets.ari };
  const sipWsUrl = `ws://${host}:${ports.http}/ws`;
  return {
    dir: instance.dir,
    distribution,
    ami,
    ari,
    sipWsUrl,
    http: { host, port: ports.http },
    sip: { host: sipHost, port: ports.sip },
    recordingsDir: instance.recordingsDir,
    phonesFile,
    agents: plan.agents,
    lines: plan.lines,
    pid: () => instance.pid,
    gatewayEnv: () => ({
      ASTERISK_AMI_HOST: host,
      ASTERISK_AMI_PORT: String(ami.port),
      ASTERISK_AMI_USER: ami.user,
      ASTERISK_AMI_SECRET: ami.secret,
      ASTERISK_ARI_URL: ari.url,
      ASTERISK_ARI_USER: ari.user,
      ASTERISK_ARI_PASSWORD: ari.password,
      ASTERISK_SIP_WS_URL: sipWsUrl,
      HOTLINE_PHONES_FILE: phonesFile,
      HOTLINE_LINES: linesToEnv(plan.lines),
    }),
    rx: (command) => instance.rx(command),
    onExit: (listener) => instance.onExit(listener),
    stop: () => instance.stop(),
    kill: () => instance.kill(),
    restart: () => instance.restart(),
  };
}
