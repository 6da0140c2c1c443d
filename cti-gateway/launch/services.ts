import { join, resolve } from 'node:path';
import { urlHost } from './addresses';
import { freeTcpPort } from './asterisk/ports';
import { LaunchError, messageOf } from './launch-error';
import { ManagedChild, servicesLogFile } from './managed-child';
import { repositoryRoot } from './repository';
import { randomSecret } from './secrets';

export interface ServicesOptions {
  /** What the gateway needs to know about its Asterisk. */
  readonly pbx: { gatewayEnv(): Record<string, string> };
  /** Database, journal, logs. A second start in it finds everything again. */
  readonly dataDir: string;
  /** More of the environment, for both services; wins over what is set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: free ones. */
  readonly ports?: { readonly panel?: number; readonly cti?: number };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Address of the gateway. Default: `host`. */
  readonly ctiHost?: string;
  /** Default: random. */
  readonly secrets?: ServiceSecrets;
}

export interface ServiceSecrets {
  readonly internal: string;
  readonly gatewayToken: string;
}

/** crm-core and cti-gateway, running. */
export interface Services {
  readonly panelUrl: string;
  readonly ctiUrl: string;
  readonly ports: { readonly panel: number; readonly cti: number };
  readonly secrets: ServiceSecrets;
  readonly crm: ManagedChild;
  readonly gateway: ManagedChild;
  stop(): Promise<void>;
}

/** Starts both services as processes of their own and waits until they serve. Ends both when one fails. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const host = options.host ?? '127.0.0.1';
  const ctiHost = options.ctiHost ?? host;
  const ports = { panel: options.ports?.panel ?? (await freeTcpPort(host)), cti: options.ports?.cti ?? (await freeTcpPort(ctiHost)) };
  const secrets = options.secrets ?? { internal: randomSecret(36), gatewayToken: randomSecret(36) };
  const dataDir = resolve(options.dataDir);
  const env = { ...commonEnv({ host, ctiHost, ports, secrets, dataDir }), ...options.pbx.gatewayEnv(), ...options.env };
  const panelUrl = `http://${urlHost(host)}:${ports.panel}`;
  const cti = `${urlHost(ctiHost)}:${ports.cti}`;
  const crm = service('crm-core', { dataDir, env, readyUrl: `${panelUrl}/readyz` });
  const gateway = service('cti-gateway', { dataDir, env, readyUrl: `http://${cti}/healthz` });
  const stop = async (): Promise<void> => {
    // The gateway first: it still hands over the calls that end now.
    await gateway.stop();
    await crm.stop();
  };
  const results = await Promise.allSettled([crm.start(), gateway.start()]);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failures.length > 0) {
    await stop();
    throw failures.find((failure) => !(failure instanceof LaunchError)) ?? new LaunchError(failures.map(messageOf).join('\n'));
  }
  return { panelUrl, ctiUrl: `ws://${cti}/cti`, ports, secrets, crm, gateway, stop };
}

interface Common extends Pick<Services, 'ports' | 'secrets'> {
  readonly host: string;
  readonly ctiHost: string;
  readonly dataDir: string;
}

function commonEnv({ host, ctiHost, ports, secrets, dataDir }: Common): Record<string, string> {
  return {
    HOTLINE_DATA_DIR: dataDir,
    ...secretEnv('HOTLINE_INTERNAL_SECRET', secrets.internal),
    ...secretEnv('HOTLINE_GATEWAY_TOKEN', secrets.gatewayToken),
    HOTLINE_HOST: host,
    HOTLINE_PORT: String(ports.panel),
    HOTLINE_CTI_HOST: ctiHost,
    HOTLINE_CTI_PORT: String(ports.cti),
    HOTLINE_CRM_URL: `http://${urlHost(host)}:${ports.panel}`,
    HOTLINE_PANEL_DIR: join(repositoryRoot(), '.build/panel'),
  };
}

/** A secret that the user has in a file stays theirs; both at once the services refuse. */
function secretEnv(name: string, value: string): Record<string, string> {
  return process.env[`${name}_FILE`] ? {} : { [name]: value };
}

function service(name: string, { dataDir, env, readyUrl }: { dataDir: string; env: Record<string, string>; readyUrl: string }): ManagedChild {
  const root = repositoryRoot();
  return new ManagedChild({
    name,
    program: join(root, '.build', name, 'src/main.js'),
    env,
    cwd: root,
    readyUrl,
    logFile: servicesLogFile(dataDir, name),
    pidFile: join(dataDir, `${name}.pid`),
  });
}
