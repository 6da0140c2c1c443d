import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsToConfig, browserPhones, type AgentPhone } from './agents';
import { type Distribution, ensureAsterisk } from './asterisk/distribution';
import { AsteriskInstance, PortLostError } from './asterisk/instance';
import { linesToEnv, type Line } from './lines';
import { choosePorts, pbxValues, planPbx, type PbxOptions, type PbxPlan, type PbxPorts } from './pbx-plan';
import { repositoryRoot } from './repository';

export type { PbxOptions } from './pbx-plan';

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
  /** Environment of the services for this Asterisk. */
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

const START_ATTEMPTS = 3;

/** Starts an Asterisk with the project's `dialplans/` and waits until it takes calls. */
export async function startPbx(options: PbxOptions): Promise<PbxInstance> {
  const distribution = options.distribution ?? (await ensureAsterisk());
  const dialplans = join(repositoryRoot(), 'dialplans');
  const plan = planPbx(options, dialplans);
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(options, plan.host);
    try {
      return await launchPbx(options, { distribution, dialplans, plan, ports });
    } catch (error) {
      if (!(error instanceof PortLostError) || attempt >= START_ATTEMPTS) throw error;
    }
  }
}

interface Launch {
  readonly distribution: Distribution;
  readonly dialplans: string;
  readonly plan: PbxPlan;
  readonly ports: PbxPorts;
}

async function launchPbx(options: PbxOptions, launch: Launch): Promise<PbxInstance> {
  const { plan, ports, distribution, dialplans } = launch;
  const instance = await AsteriskInstance.start({
    distribution,
    dir: options.dir,
    dialplans,
    render: {
      values: pbxValues(options, plan, ports),
      replace: { ...options.files, 'agents.conf': agentsToConfig(plan.agents), 'extensions.d/lines.conf': plan.linesText },
    },
    listeners: [
      { protocol: 'tcp', port: ports.ami },
      { protocol: 'tcp', port: ports.http },
      { protocol: 'tcp', port: ports.sip },
      { protocol: 'udp', port: ports.sip },
    ],
  });
  const phonesFile = join(options.dir, 'phones.json');
  writeFileSync(phonesFile, `${JSON.stringify(browserPhones(plan.agents), null, 2)}\n`, { mode: 0o600 });
  return describe(instance, { ...launch, sipHost: options.sipHost ?? plan.host }, phonesFile);
}

function describe(
  instance: AsteriskInstance,
  { plan, ports, distribution, sipHost }: Launch & { readonly sipHost: string },
  phonesFile: string,
): PbxInstance {
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
      ASTERISK_AMI_FEED_USER: ami.feed.user,
      ASTERISK_AMI_FEED_SECRET: ami.feed.secret,
      ASTERISK_ARI_URL: ari.url,
      ASTERISK_ARI_USER: ari.user,
      ASTERISK_ARI_PASSWORD: ari.password,
      ASTERISK_SIP_WS_URL: sipWsUrl,
      HOTLINE_PHONES_FILE: phonesFile,
      HOTLINE_LINES: linesToEnv(plan.lines),
      HOTLINE_QUEUE_RING_SECONDS: String(plan.ringSeconds),
      HOTLINE_CEL_FILE: join(instance.dir, 'log/cel-custom/calls.csv'),
      HOTLINE_RECORDINGS_DIR: instance.recordingsDir,
    }),
    rx: (command) => instance.rx(command),
    onExit: (listener) => instance.onExit(listener),
    stop: () => instance.stop(),
    kill: () => instance.kill(),
    restart: () => instance.restart(),
  };
}
