import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bindFault, probeUdp } from './asterisk/ports';
import { givenSecret } from './demo-secrets';
import { claimCheckout, writeDemoState } from './demo-state';
import { keepAlive } from './keep-alive';
import { LaunchError, type Say } from './launch-error';
import { endLeftover } from './processes';
import { repositoryRoot, runFolder } from './repository';
import { type Services, startServices } from './services';
import { Shutdown } from './shutdown';
import { standingOf } from './standing';
import { demandStartSettings, type StartSettings } from './start-settings';
import { startTelephony, type Telephony } from './start-telephony';
import { welcome } from './welcome';

/** `npm start`: Asterisk, the demo's public network, crm-core and cti-gateway, until Ctrl-C. */
export async function main(): Promise<void> {
  const started = Date.now();
  const settings = await demandStartSettings(process.env);
  const runDir = runFolder();
  const dataDir = settings.dataDir ?? join(runDir, 'data');
  keepToOwner(runDir, dataDir);
  const release = claimCheckout(runDir);
  const stack = new Shutdown(runDir, release, say);
  stack.onSignals();
  stack.onParentGone();
  try {
    await endLeftovers(runDir, dataDir);
    await demandPorts(settings);
    const telephony = await startTelephony({ settings, runDir, stack, say });
    const secrets = telephony.secrets;
    const services = await startDemoServices(settings, dataDir, telephony);
    stack.add('services', () => services.stop());
    for (const [name, target] of [['crm-core', services.crm], ['cti-gateway', services.gateway]] as const) stack.watch(keepAlive(name, target, say));
    if (stack.isEnding) return;
    writeDemoState(runDir, { pid: process.pid, panelUrl: services.panelUrl, carrierUrl: telephony.carrier?.ariUrl ?? null, lines: telephony.lines });
    const standing = await standingOf(services, {
      demo: settings.demo ? secrets.demoPassword : null,
      admin: givenSecret(process.env, 'HOTLINE_ADMIN_PASSWORD') ?? null,
    });
    if (stack.isEnding) return;
    const { pbx, carrier, lines } = telephony;
    say(welcome({ services, secrets, standing, settings, pbx, carrier, lines, seconds: (Date.now() - started) / 1000 }));
  } catch (error) {
    await stack.fail(error);
  }
}

const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

/** What an earlier run that was killed has left running would hold our ports. */
async function endLeftovers(runDir: string, dataDir: string): Promise<void> {
  const build = join(repositoryRoot(), '.build');
  const left = [
    await endLeftover(join(dataDir, 'cti-gateway.pid'), build),
    await endLeftover(join(dataDir, 'crm-core.pid'), build),
    await endLeftover(join(runDir, 'pbx/asterisk.pid'), runDir),
    await endLeftover(join(runDir, 'carrier/asterisk.pid'), runDir),
  ];
  if (left.includes(true)) say('Ended what an earlier run had left behind.');
}

/** Customers, recordings and passwords are nobody else's; what an earlier start made readable is closed as well. */
function keepToOwner(runDir: string, dataDir: string): void {
  process.umask(0o077);
  mkdirSync(runDir, { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  chmodSync(runDir, 0o700);
  for (const name of readdirSync(dataDir)) if (name.startsWith('hotline.db')) chmodSync(join(dataDir, name), 0o600);
}

async function demandPorts({ host, ctiHost, sipHost, panelPort, ctiPort, sipPort, external }: StartSettings): Promise<void> {
  await demandPort('HOTLINE_PORT', host, panelPort);
  await demandPort('HOTLINE_CTI_PORT', ctiHost, ctiPort);
  if (sipPort !== null && external === null) await demandPort('HOTLINE_SIP_PORT', sipHost, sipPort, true);
}

async function demandPort(name: string, host: string, port: number, udp = false): Promise<void> {
  const fault = (await bindFault(host, port)) ?? (udp && !(await probeUdp(host, port)) ? 'EADDRINUSE' : null);
  if (fault === null) return;
  const why = fault === 'EADDRINUSE' ? 'another program has it' : fault === 'EACCES' ? 'ports below 1024 are for root' : fault;
  throw new LaunchError(`Port ${port} at ${host} cannot be used: ${why}; choose another one, e.g. ${name}=${port < 1024 ? port + 8000 : (port % 60_000) + 100} npm start.`);
}

/** What a person sets goes before what is made here. */
const THEIRS = ['HOTLINE_CRM_URL', 'HOTLINE_PANEL_DIR', 'HOTLINE_LINES'];

async function startDemoServices(settings: StartSettings, dataDir: string, { env, secrets, lines }: Telephony): Promise<Services> {
  const area = lines[0]?.areaCode;
  const given = (name: string): string | undefined => process.env[name]?.trim() || undefined;
  const theirs = THEIRS.flatMap((name) => (given(name) === undefined ? [] : [[name, given(name) ?? '']]));
  return startServices({
    pbx: { gatewayEnv: () => env },
    dataDir,
    host: settings.host,
    ctiHost: settings.ctiHost,
    ports: { panel: settings.panelPort, cti: settings.ctiPort },
    secrets: { internal: given('HOTLINE_INTERNAL_SECRET') ?? secrets.internal, gatewayToken: given('HOTLINE_GATEWAY_TOKEN') ?? secrets.gatewayToken },
    env: {
      ...(settings.demo ? { HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: secrets.demoPassword, HOTLINE_DEMO_PASSWORD_FILE: '' } : {}),
      ...(given('HOTLINE_AREA_CODE') === undefined && area ? { HOTLINE_AREA_CODE: area } : {}),
      ...(Object.fromEntries(theirs) as Record<string, string>),
    },
  });
}
