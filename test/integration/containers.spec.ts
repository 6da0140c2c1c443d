import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureAsterisk, type Distribution } from '../../cti-gateway/launch/asterisk/distribution';
import { freeSipPort, freeTcpPort } from '../../cti-gateway/launch/asterisk/ports';
import { repositoryRoot } from '../../cti-gateway/launch/repository';
import { startServices, type Services } from '../../cti-gateway/launch/services';
import { composeFile } from '../support/compose-file';
import { eventually } from '../support/eventually';
import { RestClient } from '../support/rest-client';

const HOTLINE = '127.0.0.1';
const CARRIER = '127.0.0.2';
const entrypoint = path.join(repositoryRoot(), 'dialplans/docker/entrypoint.sh');
const SECRETS = {
  HOTLINE_INTERNAL_SECRET: 'internal-'.repeat(5), HOTLINE_GATEWAY_TOKEN: 'gateway-'.repeat(5), AMI_SECRET: 'p@$&#!"=[x]', AMI_FEED_SECRET: "feed'#1", ARI_PASSWORD: 'ari#&?/=1',
  CARRIER_ARI_PASSWORD: 'carrier-1', MSSQL_IMAGE: '-', MSSQL_SA_PASSWORD: 'Abc12345', HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: 'demo-password',
};

jest.setTimeout(120_000);

/**
 * What the containers of docker-compose.yml run, run here without an engine: the environment of the file with this machine's addresses and
 * free ports, the entrypoint of both roles, the services, and the health checks word by word but for the port.
 */
describe('the containers', () => {
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-ct-'));
  const { services: compose } = composeFile(SECRETS);
  const containers: Container[] = [];
  let distribution: Distribution;
  let asterisk: Container;
  let carrier: Container;
  let ports: Record<'ami' | 'http' | 'sip' | 'carrierHttp' | 'carrierSip' | 'panel' | 'cti', number>;
  let services: Services | null = null;

  /** A process of the entrypoint, as an engine would have it. */
  class Container {
    private child: ChildProcess | null = null;
    private readonly env: Record<string, string>;

    constructor(private readonly name: string, addresses: Record<string, string>) {
      this.env = {
        PATH: process.env.PATH ?? '', ...compose[name]?.environment, BASE: path.join(workDir, name), PHONES: path.join(workDir, 'phones'),
        ASTERISK: distribution.asterisk, DATA: distribution.dataFolder, MODULES: distribution.moduleFolder, ...addresses,
      };
      containers.push(this);
    }

    run(): void {
      const log = fs.openSync(path.join(workDir, `${this.name}.log`), 'a');
      this.child = spawn('sh', [entrypoint, 'run'], { env: this.env, stdio: ['ignore', log, log] });
      fs.closeSync(log);
    }

    /** Exit code of the health check that docker-compose.yml names, for this checkout. */
    health(): number | null {
      const [kind, shell = '', script = '', ...args] = compose[this.name]?.healthcheck?.test ?? [];
      expect([kind, script]).toEqual(['CMD', '/usr/share/hotline/dialplans/docker/entrypoint.sh']);
      return spawnSync(shell, [entrypoint, ...args], { env: this.env }).status;
    }

    /** As an engine ends it: SIGTERM to the main process, which is Asterisk itself. */
    async stop(): Promise<number | null> {
      const child = this.child;
      if (child === null) return null;
      this.child = null;
      if (child.exitCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await Promise.race([gone, delay(15_000)]);
        if (child.exitCode === null) child.kill('SIGKILL');
      }
      return child.exitCode;
    }
  }

  const healthCheckOf = (name: string, port: number): number | null => {
    const [kind, program, option = '', script = ''] = compose[name]?.healthcheck?.test ?? [];
    expect([kind, program, option]).toEqual(['CMD', 'node', '-e']);
    expect(script).toMatch(/127\.0\.0\.1:808[01]\//);
    return spawnSync(process.execPath, [option, script.replace(/:808[01]\//, `:${port}/`)]).status;
  };

  beforeAll(async () => {
    distribution = await ensureAsterisk();
    const [ami, http, carrierHttp, panel, cti] = [await freeTcpPort(HOTLINE), await freeTcpPort(HOTLINE), await freeTcpPort(HOTLINE), await freeTcpPort(HOTLINE), await freeTcpPort(HOTLINE)];
    ports = { ami, http, carrierHttp, panel, cti, sip: await freeSipPort(HOTLINE), carrierSip: await freeSipPort(CARRIER) };
    asterisk = new Container('asterisk', {
      AMI_BIND: HOTLINE, AMI_PORT: String(ports.ami), AMI_PERMIT: '127.0.0.0/255.0.0.0', HTTP_BIND: HOTLINE, HTTP_PORT: String(ports.http), SIP_BIND: HOTLINE, SIP_PORT: String(ports.sip),
      MEDIA_ADDRESS: HOTLINE, LOCAL_NET: '127.0.0.0/8', OWN_ADDRESS: HOTLINE, TRUNK_HOST: CARRIER, TRUNK_PORT: String(ports.carrierSip), CEL: path.join(workDir, 'cel'),
    });
    carrier = new Container('carrier', {
      HTTP_BIND: HOTLINE, HTTP_PORT: String(ports.carrierHttp), SIP_BIND: CARRIER, SIP_PORT: String(ports.carrierSip), MEDIA_ADDRESS: CARRIER, HOTLINE_HOST: HOTLINE, HOTLINE_PORT: String(ports.sip), HOTLINE_MATCH: HOTLINE,
    });
  });

  afterAll(async () => {
    await services?.stop();
    for (const container of containers) await container.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  });

  it.each(['asterisk', 'carrier'] as const)('are healthy when Asterisk takes calls, not before: %s', async (name) => {
    const container = { asterisk, carrier }[name];
    expect(container.health()).not.toBe(0);
    container.run();
    await eventually(`${name} is healthy`, () => container.health() === 0, 60_000);
  });

  it('serve the panel and the gateway with the settings of docker-compose.yml, and the health checks tell', async () => {
    expect(healthCheckOf('crm-core', ports.panel)).toBe(1);
    expect(healthCheckOf('cti-gateway', ports.cti)).toBe(1);
    const dataDir = path.join(workDir, 'data');
    const local = {
      HOTLINE_DATA_DIR: dataDir, HOTLINE_RECORDINGS_DIR: path.join(workDir, 'asterisk/spool/monitor'), HOTLINE_PHONES_FILE: path.join(workDir, 'phones/phones.json'), HOTLINE_CEL_FILE: path.join(workDir, 'cel/calls.csv'),
      HOTLINE_HOST: HOTLINE, HOTLINE_CTI_HOST: HOTLINE, HOTLINE_PORT: String(ports.panel), HOTLINE_CTI_PORT: String(ports.cti), HOTLINE_CRM_URL: `http://${HOTLINE}:${ports.panel}`, DATABASE_URL: `sqlite:${path.join(dataDir, 'hotline.db')}`,
      ASTERISK_AMI_HOST: HOTLINE, ASTERISK_AMI_PORT: String(ports.ami), ASTERISK_ARI_URL: `http://${HOTLINE}:${ports.http}`, HOTLINE_DEMO_CARRIER_URL: `http://demo:${SECRETS.CARRIER_ARI_PASSWORD}@${HOTLINE}:${ports.carrierHttp}/ari`,
    };
    services = await startServices({
      pbx: { gatewayEnv: () => ({ ...compose['crm-core']?.environment, ...compose['cti-gateway']?.environment, ...local }) },
      dataDir,
      ports,
      secrets: { internal: SECRETS.HOTLINE_INTERNAL_SECRET, gatewayToken: SECRETS.HOTLINE_GATEWAY_TOKEN },
    });
    expect(healthCheckOf('crm-core', ports.panel)).toBe(0);
    expect(healthCheckOf('cti-gateway', ports.cti)).toBe(0);
    await eventually('both links to Asterisk', async () => (await fetch(`http://${HOTLINE}:${ports.cti}/readyz`)).ok);
  });

  it('bring a call from the carrier over the trunk into the call log', async () => {
    const query = new URLSearchParams({ endpoint: 'PJSIP/02066668888@hotline', context: 'customer', extension: 's', priority: '1', callerId: '13700001234', channelId: 'c1' });
    const headers = { authorization: `Basic ${Buffer.from(`demo:${SECRETS.CARRIER_ARI_PASSWORD}`).toString('base64')}` };
    const ari = `http://${HOTLINE}:${ports.carrierHttp}/ari/channels`;
    expect((await fetch(`${ari}?${query}`, { method: 'POST', headers })).status).toBe(200);
    await eventually('the carrier is answered', async () => ((await (await fetch(`${ari}/c1`, { headers })).json()) as { state?: string }).state === 'Up');
    await fetch(`${ari}/c1`, { method: 'DELETE', headers });
    const supervisor = await RestClient.signIn(services?.panelUrl ?? '', 'zhuguan', SECRETS.HOTLINE_DEMO_PASSWORD);
    const row = await eventually('the row', async () => (await supervisor.calls())[0]);
    expect(row).toMatchObject({ line: '02066668888', trunk: 'trunk', direction: 'inbound' });
    expect(fs.statSync(path.join(workDir, 'cel/calls.csv')).size).toBeGreaterThan(0);
  });

  it.each(['carrier', 'asterisk'] as const)('end in order when they are told to, and are healthy no longer: %s', async (name) => {
    const container = { asterisk, carrier }[name];
    expect(await container.stop()).toBe(0);
    expect(container.health()).not.toBe(0);
  });
});
