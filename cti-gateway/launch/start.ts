import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { probeTcp } from './asterisk/ports';
import { claimCheckout, writeDemoState } from './demo-state';
import { keepAlive } from './keep-alive';
import { LaunchError, type Say } from './launch-error';
import { endLeftover } from './processes';
import { repositoryRoot, runFolder } from './repository';
import { type Services, startServices } from './services';
import { Shutdown } from './shutdown';
import { readStartSettings, type StartSettings } from './start-settings';
import { startTelephony, type Telephony } from './start-telephony';
import { welcome } from './welcome';

/** `npm start`: Asterisk, the demo's public network, crm-core and cti-gateway, until Ctrl-C. */
export async function main(): Promise<void> {
  const started = Date.now();
  const settings = readStartSettings(process.env);
  const runDir = runFolder();
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const dataDir = process.env.HOTLINE_DATA_DIR ?? join(runDir, 'data');
  const release = claimCheckout(runDir);
  const stack = new Shutdown(runDir, release, say);
  stack.onSignals();
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
    say(welcome({ services, secrets, demo: wantsDemo(), pbx: telephony.pbx, carrier: telephony.carrier, lines: telephony.lines, seconds: (Date.now() - started) / 1000 }));
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

async function demandPorts(settings: StartSettings): Promise<void> {
  for (const [name, port] of [['HOTLINE_PORT', settings.panelPort], ['HOTLINE_CTI_PORT', settings.ctiPort]] as const) {
    if ((await probeTcp(settings.host, port)) !== null) continue;
    throw new LaunchError(`Port ${port} at ${settings.host} cannot be used, most likely because another program has it; choose another one, e.g. ${name}=${port + 100} npm start.`);
  }
}

/** The demo is what a start without any settings is for. */
function wantsDemo(): boolean {
  return process.env.HOTLINE_DEMO !== '0';
}

async function startDemoServices(settings: StartSettings, dataDir: string, { env, secrets, lines }: Telephony): Promise<Services> {
  const area = lines[0]?.areaCode;
  return startServices({
    pbx: { gatewayEnv: () => env },
    dataDir,
    host: settings.host,
    ports: { panel: settings.panelPort, cti: settings.ctiPort },
    secrets: { internal: process.env.HOTLINE_INTERNAL_SECRET ?? secrets.internal, gatewayToken: process.env.HOTLINE_GATEWAY_TOKEN ?? secrets.gatewayToken },
    env: {
      ...(wantsDemo() ? { HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: secrets.demoPassword, HOTLINE_DEMO_PASSWORD_FILE: '' } : {}),
      ...(process.env.HOTLINE_AREA_CODE === undefined && area !== undefined ? { HOTLINE_AREA_CODE: area } : {}),
    },
  });
}
