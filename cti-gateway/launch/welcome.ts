import { reachableFromOutside } from './addresses';
import type { Carrier } from './carrier';
import type { DemoSecrets } from './demo-secrets';
import type { Line } from './lines';
import type { PbxInstance } from './pbx';
import type { Services } from './services';
import type { Standing } from './standing';
import type { StartSettings } from './start-settings';

export interface WelcomeFacts {
  readonly services: Services;
  readonly secrets: DemoSecrets;
  readonly standing: Standing;
  readonly settings: Pick<StartSettings, 'demo' | 'external' | 'sipHost' | 'mediaAddress'>;
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
  const { services, carrier, lines, seconds } = facts;
  const rows = [
    '',
    `  The hotline is up (${seconds.toFixed(1)} s):  ${services.panelUrl}`,
    ...asteriskAway(facts),
    '',
    ...signIns(facts),
    ...deskPhones(facts),
    '',
    ...(carrier === null ? [] : [`  Test call        npm run call -- 13912345678 ${lines[0]?.number ?? ''}   (in another terminal; or the button in the panel)`]),
    ...(lines.length === 0 ? [] : [`  Lines            ${lines.map((line) => `${line.number} ${line.label}`).join(', ')}`]),
    `  Logs             ${services.crm.logFile.replace(/\/[^/]*$/, '/')}`,
    '',
    '  Ctrl-C ends everything.',
    '',
  ];
  return rows.join('\n');
}

function asteriskAway({ standing, settings }: WelcomeFacts): string[] {
  if (standing.asterisk) return [];
  const { ASTERISK_AMI_HOST = '127.0.0.1', ASTERISK_AMI_PORT = '5038' } = settings.external ?? {};
  const which = settings.external === null ? '' : ` at ${ASTERISK_AMI_HOST}:${ASTERISK_AMI_PORT}`;
  return [`  But Asterisk${which} does not answer yet, so no calls come in; it is tried again and again, and the logs say why.`];
}

function signIns({ standing, settings, secrets }: WelcomeFacts): string[] {
  if (standing.demoUsers) {
    const users = DEMO_USERS.map(([user, who]) => `${user} (${who})`).join('\n                   ');
    return [`  Sign in as       ${users}`, `  Password         ${secrets.demoPassword}`];
  }
  if (standing.admin) return ['  Sign in as       admin, with HOTLINE_ADMIN_PASSWORD'];
  const own = '  Sign in as       whoever has an account in this database';
  if (settings.demo) return [own, "                   (the demo's people are not in it, or with another password; HOTLINE_DATA_DIR=FOLDER npm start makes a new one)"];
  return [own, '                   (nobody yet? start once with HOTLINE_ADMIN_PASSWORD=…, at least 10 characters: it makes the user admin)'];
}

function deskPhones({ pbx, settings }: WelcomeFacts): string[] {
  const desk = pbx?.agents.filter((agent) => agent.phone === 'desk') ?? [];
  const address = reachableFromOutside(settings.sipHost);
  const rows = desk.map((agent) => `  Desk phone ${agent.extension}  SIP ${address}:${pbx?.sip.port} (UDP or TCP), user ${agent.extension}, password ${agent.password}`);
  const deaf = rows.length > 0 && settings.mediaAddress === null && !address.startsWith('127.');
  return deaf ? [...rows, `                   (nothing is heard on them without HOTLINE_MEDIA_ADDRESS, e.g. ${address})`] : rows;
}
