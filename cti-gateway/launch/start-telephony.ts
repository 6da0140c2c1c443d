import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachable } from './addresses';
import { agentsFromConfig, type AgentPhone } from './agents';
import { ensureAsterisk } from './asterisk/distribution';
import { type Carrier, carrierAddress, startCarrier } from './carrier';
import { givenSecret, loadDemoSecrets, saveDemoSecrets, type DemoSecrets } from './demo-secrets';
import { keepAlive } from './keep-alive';
import type { Say } from './launch-error';
import { linesFromConfig, linesFromEnv, type Line } from './lines';
import { type PbxInstance, type PbxOptions, startPbx } from './pbx';
import { repositoryRoot } from './repository';
import { randomSecret } from './secrets';
import type { Shutdown } from './shutdown';
import { phoneKindOf, type StartSettings } from './start-settings';

/** The telephone system of a start: ours with its public network, or one that runs elsewhere. */
export interface Telephony {
  readonly pbx: PbxInstance | null;
  readonly carrier: Carrier | null;
  readonly lines: readonly Line[];
  readonly env: Record<string, string>;
  readonly secrets: DemoSecrets;
}

export interface TelephonyOptions {
  readonly settings: StartSettings;
  readonly runDir: string;
  readonly stack: Shutdown;
  readonly say: Say;
}

export async function startTelephony({ settings, runDir, stack, say }: TelephonyOptions): Promise<Telephony> {
  const dialplans = join(repositoryRoot(), 'dialplans');
  const secrets = loadDemoSecrets(runDir, givenSecret(process.env, 'HOTLINE_DEMO_PASSWORD'));
  if (settings.external !== null) {
    say(`Asterisk: using the one at ${settings.external.ASTERISK_AMI_HOST ?? '127.0.0.1'}.`);
    return { pbx: null, carrier: null, lines: linesFromEnv(process.env.HOTLINE_LINES ?? ''), env: settings.external, secrets };
  }
  const lines = linesFromConfig(readFileSync(join(dialplans, 'extensions.d/lines.conf'), 'utf8'));
  const distribution = await ensureAsterisk({ say });
  say(`Asterisk ${distribution.version} (${distribution.origin === 'private' ? 'private copy in .run/asterisk' : distribution.asterisk})`);
  const trunk = await carrierAddress().catch(() => null);
  const agents = readAgents(settings, dialplans, secrets);
  saveDemoSecrets(runDir, { ...secrets, phones: Object.fromEntries(agents.map((agent) => [agent.extension, agent.password])) });
  const pbx = await startPbx({ ...pbxOptions(settings, runDir), distribution, agents, ...(trunk === null ? {} : { trunk }) });
  stack.add('Asterisk', () => pbx.stop());
  stack.watch(keepAlive('Asterisk', pbx, say));
  if (trunk === null) {
    say('No address 127.0.0.2 on this machine, so there is no simulated public network; connect a trunk as dialplans/README.md says.');
    return { pbx, carrier: null, lines, env: pbx.gatewayEnv(), secrets };
  }
  const carrier = await startCarrier({ dir: join(runDir, 'carrier'), distribution, hotline: { ...pbx.sip, host: reachable(pbx.sip.host) }, sip: trunk });
  stack.add('public network', () => carrier.stop());
  stack.watch(keepAlive('The simulated public network', carrier, say));
  return { pbx, carrier, lines, env: { ...pbx.gatewayEnv(), HOTLINE_DEMO_CARRIER_URL: carrier.ariUrl }, secrets };
}

function pbxOptions(settings: StartSettings, runDir: string): PbxOptions {
  return {
    dir: join(runDir, 'pbx'),
    sipHost: settings.sipHost,
    ports: settings.sipPort === null ? {} : { sip: settings.sipPort },
    queue: settings.ringSeconds === null ? {} : { ringSeconds: settings.ringSeconds },
    ...(settings.openHours === null ? {} : { openHours: settings.openHours }),
    ...(settings.mediaAddress === null ? {} : { mediaAddress: settings.mediaAddress }),
  };
}

function readAgents(settings: StartSettings, dialplans: string, secrets: DemoSecrets): AgentPhone[] {
  const text = readFileSync(join(dialplans, 'agents.conf'), 'utf8');
  return agentsFromConfig(text, (extension) => secrets.phones[extension] ?? randomSecret(18)).map((agent) => ({
    ...agent,
    phone: phoneKindOf(settings, agent.extension, agent.phone),
  }));
}
