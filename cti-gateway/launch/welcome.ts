import type { Carrier } from './carrier';
import type { DemoSecrets } from './demo-secrets';
import type { Line } from './lines';
import type { PbxInstance } from './pbx';
import type { Services } from './services';

export interface WelcomeFacts {
  readonly services: Services;
  readonly secrets: DemoSecrets;
  /** The database was filled with the demo. */
  readonly demo: boolean;
  readonly pbx: PbxInstance | null;
  readonly carrier: Carrier | null;
  readonly lines: readonly Line[];
  readonly seconds: number;
}

const DEMO_USERS = [
  ['1001', '林晓, agent'],
  ['1002', '何静, agent'],
  ['1003', '郑凯, agent'],
  ['zhuguan', '周敏, supervisor'],
  ['admin', '系统管理员, administrator'],
] as const;

/** What a person reads when everything is up: where, as whom, and how to get a call. */
export function welcome(facts: WelcomeFacts): string {
  const { services, secrets, carrier, lines, seconds } = facts;
  const rows = [
    '',
    `  The hotline is up (${seconds.toFixed(1)} s):  ${services.panelUrl}`,
    '',
    ...(facts.demo ? demoSignIns(secrets) : ['  Sign in as       admin, with HOTLINE_ADMIN_PASSWORD of the first start']),
    ...deskPhones(facts),
    '',
    ...(carrier === null ? [] : [`  Test call        npm run call -- 13912345678 ${lines[0]?.number ?? ''}   (in another terminal; or the button in the panel)`]),
    `  Lines            ${lines.map((line) => `${line.number} ${line.label}`).join(', ')}`,
    `  Logs             ${services.crm.logFile.replace(/\/[^/]*$/, '/')}`,
    '',
    '  Ctrl-C ends everything.',
    '',
  ];
  return rows.join('\n');
}

function demoSignIns(secrets: DemoSecrets): string[] {
  return [`  Sign in as       ${DEMO_USERS.map(([user, who]) => `${user} (${who})`).join('\n                   ')}`, `  Password         ${secrets.demoPassword}`];
}

function deskPhones({ pbx }: WelcomeFacts): string[] {
  const desk = pbx?.agents.filter((agent) => agent.phone === 'desk') ?? [];
  return desk.map((agent) => `  Desk phone ${agent.extension}  SIP ${pbx?.sip.host}:${pbx?.sip.port} (UDP or TCP), user ${agent.extension}, password ${agent.password}`);
}
