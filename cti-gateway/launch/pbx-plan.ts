import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsFromConfig, completeAgent, type AgentPhone, type AgentWish } from './agents';
import type { Distribution } from './asterisk/distribution';
import { freeSipPort, freeTcpPort } from './asterisk/ports';
import type { TemplateValues } from './asterisk/render';
import { linesFromConfig, linesToConfig, type Line } from './lines';
import { randomSecret } from './secrets';

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
  /** How long an agent's telephone rings to which a customer was passed on. Default 30. */
  readonly transferRingSeconds?: number;
  /** Whether callers whom nobody answers may leave a message. Default: yes. */
  readonly voicemail?: boolean;
  /** How long a parked customer waits before the call goes back. Default 120. */
  readonly parkSeconds?: number;
  /** What a blocked caller gets. Default `reject`. */
  readonly blockedCallers?: 'reject' | 'announce';
  /** When the lines are open, as a condition of GotoIfTime: `09:00-18:00,mon-fri,*,*`. Default: always. */
  readonly openHours?: string;
  /** How long a customer's phone rings when called. */
  readonly outboundRingSeconds?: number;
  readonly systemName?: string;
  /** Texts that stand in for files of `dialplans/`, by their path there: a second trunk, another rule of routing. */
  readonly files?: Readonly<Record<string, string>>;
  readonly distribution?: Distribution;
}

const LOOPBACK = '127.0.0.1';

/** Everything about an instance but its ports, decided before it is started. */
export interface PbxPlan {
  readonly host: string;
  readonly agents: readonly AgentPhone[];
  readonly lines: readonly Line[];
  readonly linesText: string;
  /** How long the queue rings one agent. */
  readonly ringSeconds: number;
  readonly secrets: { readonly ami: string; readonly feed: string; readonly ari: string };
}

export interface PbxPorts {
  readonly ami: number;
  readonly http: number;
  readonly sip: number;
}

export function planPbx(options: PbxOptions, dialplans: string): PbxPlan {
  const agentsText = readFileSync(join(dialplans, 'agents.conf'), 'utf8');
  const linesText = readFileSync(join(dialplans, 'extensions.d/lines.conf'), 'utf8');
  const passwordOf = options.passwordOf ?? (() => randomSecret(18));
  return {
    host: options.host ?? LOOPBACK,
    agents: options.agents?.map(completeAgent) ?? agentsFromConfig(agentsText, passwordOf),
    lines: options.lines ?? linesFromConfig(linesText),
    linesText: options.lines === undefined ? linesText : linesToConfig(linesText, options.lines),
    ringSeconds: options.queue?.ringSeconds ?? 20,
    secrets: { ami: randomSecret(), feed: randomSecret(), ari: randomSecret() },
  };
}

export async function choosePorts({ ports, sipHost }: PbxOptions, host: string): Promise<PbxPorts> {
  return {
    ami: ports?.ami ?? (await freeTcpPort(host)),
    http: ports?.http ?? (await freeTcpPort(host)),
    sip: ports?.sip ?? (await freeSipPort(sipHost ?? host)),
  };
}

/** Values of the placeholders in `dialplans/`. */
export function pbxValues(options: PbxOptions, plan: PbxPlan, ports: PbxPorts): TemplateValues {
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
    RTP_OPTIONS: '',
    RTP_START: options.rtp?.first ?? 10_000,
    RTP_END: options.rtp?.last ?? 29_999,
    TRUNK_HOST: trunk.host,
    TRUNK_PORT: trunk.port,
    TRUNK_MATCH: trunk.host,
    TRUNK_QUALIFY_SECONDS: 0,
    DESK_QUALIFY_SECONDS: 0,
    QUEUE_STRATEGY: options.queue?.strategy ?? 'rrmemory',
    QUEUE_RING_SECONDS: plan.ringSeconds,
    QUEUE_WAIT_SECONDS: options.queue?.waitSeconds ?? 600,
    QUEUE_ANNOUNCE_SECONDS: 0,
    TRANSFER_RING_SECONDS: options.transferRingSeconds ?? 30,
    VOICEMAIL: (options.voicemail ?? true) ? 'yes' : 'no',
    PARK_SECONDS: options.parkSeconds ?? 120,
    BLOCKED_CALLERS: options.blockedCallers ?? 'reject',
    OPEN_HOURS: options.openHours ?? '*,*,*,*',
    OUTBOUND_LINE: main?.number ?? '',
    OUTBOUND_AREA: main?.areaCode ?? '',
    OUTBOUND_RING_SECONDS: options.outboundRingSeconds ?? 45,
  };
}

