import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsFromConfig, type AgentPhone } from './agents';
import { ensureAsterisk } from './asterisk/distribution';
import { probeTcp } from './asterisk/ports';
import { type Carrier, carrierAddress, startCarrier } from './carrier';
import { loadDemoSecrets, saveDemoSecrets, type DemoSecrets } from './demo-secrets';
import { readDemoState, removeDemoState, writeDemoState } from './demo-state';
import { keepAlive } from './keep-alive';
import { LaunchError, messageOf, type Say } from './launch-error';
import { linesFromConfig, type Line } from './lines';
import { type PbxInstance, startPbx } from './pbx';
import { repositoryRoot, runFolder } from './repository';
import { randomSecret } from './secrets';
import { type Services, startServices } from './services';
import { phoneKindOf, readStartSettings, type StartSettings } from './start-settings';
import { welcome } from './welcome';

/** `npm start`: Asterisk, the demo's public network, crm-core and cti-gateway, until Ctrl-C. */
export async function main(): Promise<void> {
  const started = Date.now();
  const settings = readStartSettings(process.env);
  const runDir = runFolder();
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  await refuseSecondStart(runDir, settings);
  const stack = new Shutdown(runDir);
  stack.onSignals();
  try {
    const telephony = await startTelephony(settings, runDir, stack);
    const secrets = telephony.secrets;
    const services = await startDemoServices(settings, runDir, telephony);
    stack.add('services', () => services.stop());
    for (const [name, target] of [['crm-core', services.crm], ['cti-gateway', services.gateway]] as const) stack.watch(keepAlive(name, target, say));
    writeDemoState(runDir, { pid: process.pid, panelUrl: services.panelUrl, carrierUrl: telephony.carrier?.ariUrl ?? null, lines: telephony.lines });
    say(welcome({ services, secrets, settings, pbx: telephony.pbx, carrier: telephony.carrier, lines: telephony.lines, seconds: (Date.now() - started) / 1000 }));
  } catch (error) {
    await stack.end();
    throw error;
  }
}

const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

async function refuseSecondStart(runDir: string, settings: StartSettings): Promise<void> {
  const running = readDemoState(runDir);
  if (running !== null) throw new LaunchError(`The hotline of this checkout runs already at ${running.panelUrl} (process ${running.pid}); end that one with Ctrl-C first.`);
  for (const [name, port] of [['HOTLINE_PORT', settings.panelPort], ['HOTLINE_CTI_PORT', settings.ctiPort]] as const) {
    if ((await probeTcp(settings.host, port)) === null) {
      throw new LaunchError(`Port ${port} at ${settings.host} cannot be used, most likely because another program has it; choose another one, e.g. ${name}=${port + 100} npm start.`);
    }
  }
}

interface Telephony {
  readonly pbx: PbxInstance | null;
  readonly carrier: Carrier | null;
  readonly lines: readonly Line[];
  readonly env: Record<string, string>;
  readonly secrets: DemoSecrets;
}

async function startTelephony(settings: StartSettings, runDir: string, stack: Shutdown): Promise<Telephony> {
  const dialplans = join(repositoryRoot(), 'dialplans');
  const secrets = loadDemoSecrets(runDir, process.env.HOTLINE_DEMO_PASSWORD);
  const lines = linesFromConfig(readFileSync(join(dialplans, 'extensions.d/lines.conf'), 'utf8'));
  if (settings.external !== null) {
    say(`Asterisk: using the one at ${settings.external.ASTERISK_AMI_HOST}.`);
    return { pbx: null, carrier: null, lines, env: settings.external, secrets };
  }
  const distribution = await ensureAsterisk({ say });
  say(`Asterisk ${distribution.version} (${distribution.origin === 'private' ? 'private copy in .run/asterisk' : distribution.asterisk})`);
  const trunk = await carrierAddress().catch(() => null);
  const agents = readAgents(settings, dialplans, secrets);
  saveDemoSecrets(runDir, { ...secrets, phones: Object.fromEntries(agents.map((agent) => [agent.extension, agent.password])) });
  const pbx = await startPbx({
    dir: join(runDir, 'pbx'),
    distribution,
    agents,
    sipHost: settings.sipHost,
    ports: settings.sipPort === null ? {} : { sip: settings.sipPort },
    ...(trunk === null ? {} : { trunk }),
    ...(settings.mediaAddress === null ? {} : { mediaAddress: settings.mediaAddress }),
  });
  stack.add('Asterisk', () => pbx.stop());
  stack.watch(keepAlive('Asterisk', pbx, say));
  if (trunk === null) {
    say('No address 127.0.0.2 on this machine, so there is no simulated public network; connect a trunk as dialplans/README.md says.');
    return { pbx, carrier: null, lines, env: pbx.gatewayEnv(), secrets };
  }
  const carrier = await startCarrier({ dir: join(runDir, 'carrier'), distribution, hotline: pbx.sip, sip: trunk });
  stack.add('public network', () => carrier.stop());
  stack.watch(keepAlive('The demo\'s public network', carrier, say));
  return { pbx, carrier, lines, env: { ...pbx.gatewayEnv(), HOTLINE_DEMO_CARRIER_URL: carrier.ariUrl }, secrets };
}

function readAgents(settings: StartSettings, dialplans: string, secrets: DemoSecrets): AgentPhone[] {
  const text = readFileSync(join(dialplans, 'agents.conf'), 'utf8');
  return agentsFromConfig(text, (extension) => secrets.phones[extension] ?? randomSecret(18)).map((agent) => ({ ...agent, phone: phoneKindOf(settings, agent.extension, agent.phone) }));
}

async function startDemoServices(settings: StartSettings, runDir: string, { env, secrets, lines }: Telephony): Promise<Services> {
  const demo = process.env.HOTLINE_DEMO !== '0';
  const area = lines[0]?.areaCode;
  return startServices({
    pbx: { gatewayEnv: () => env },
    dataDir: process.env.HOTLINE_DATA_DIR ?? join(runDir, 'data'),
    host: settings.host,
    ports: { panel: settings.panelPort, cti: settings.ctiPort },
    secrets: { internal: process.env.HOTLINE_INTERNAL_SECRET ?? secrets.internal, gatewayToken: process.env.HOTLINE_GATEWAY_TOKEN ?? secrets.gatewayToken },
    env: {
      ...(demo ? { HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: secrets.demoPassword } : {}),
      ...(process.env.HOTLINE_AREA_CODE === undefined && area !== undefined ? { HOTLINE_AREA_CODE: area } : {}),
    },
  });
}

/** Ends what was started, in reverse order, once: by a signal, by a failed start, or by a second signal without patience. */
class Shutdown {
  private readonly steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];
  private readonly watches: (() => void)[] = [];
  private ending: Promise<void> | null = null;

  constructor(private readonly runDir: string) {}

  add(name: string, stop: () => Promise<void>): void {
    this.steps.push({ name, stop });
  }

  watch(close: () => void): void {
    this.watches.push(close);
  }

  onSignals(): void {
    // A closed terminal takes away stdout as well.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (this.ending === null) say('\nEnding …');
        void this.end().then(() => process.exit(0));
      });
    }
  }

  end(): Promise<void> {
    this.ending ??= this.run();
    return this.ending;
  }

  private async run(): Promise<void> {
    for (const close of this.watches) close();
    for (const { name, stop } of [...this.steps].reverse()) await stop().catch((error: unknown) => say(`${name} could not be ended: ${messageOf(error)}`));
    removeDemoState(this.runDir);
  }
}
