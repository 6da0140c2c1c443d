import { randomSecret } from './secrets';

export type PhoneKind = 'browser' | 'desk';

/** One agent's telephone, as in `dialplans/agents.conf`. */
export interface AgentPhone {
  readonly extension: string;
  readonly name: string;
  readonly phone: PhoneKind;
  readonly password: string;
  /** A fixed address (`sip:1001@127.0.0.3:5091`) instead of a registration: simulated desk phones. */
  readonly contact?: string;
  /** What else stands in the section, line by line. */
  readonly more?: readonly string[];
}

export type AgentWish = { readonly extension: string } & Partial<AgentPhone>;

/** Fills in what was left out: a browser phone with a random password. */
export function completeAgent(wish: AgentWish): AgentPhone {
  return { name: `Agent ${wish.extension}`, phone: 'browser', password: randomSecret(18), ...wish };
}

/** Lines that are written anew from name, extension and password. */
const OWN_LINE = /^(?:hint_exten|endpoint\/callerid|inbound_auth\/(?:username|password))\s*=/;

const SECTION = /^\[(\d{2,10})\]\((browser|desk)-phone\)/;

/** Reads extensions, kinds, names and whatever else is set from `agents.conf`. Passwords are placeholders there and come from `passwordOf`. */
export function agentsFromConfig(text: string, passwordOf: (extension: string) => string): AgentPhone[] {
  const agents: AgentPhone[] = [];
  for (const part of text.split(/^(?=\[)/m)) {
    const [, extension, phone] = SECTION.exec(part) ?? [];
    if (extension === undefined) continue;
    const name = /^endpoint\/callerid\s*=\s*(.*?)\s*<\d+>\s*$/m.exec(part)?.[1] ?? extension;
    const more = part.split('\n').slice(1).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith(';') && !OWN_LINE.test(line));
    const phoneKind = phone === 'desk' ? 'desk' : 'browser';
    agents.push({ extension, phone: phoneKind, name, password: passwordOf(extension), ...(more.length > 0 ? { more } : {}) });
  }
  return agents;
}

/** The text of `agents.conf` for these agents (pjsip_wizard.conf syntax). */
export function agentsToConfig(agents: readonly AgentPhone[]): string {
  return agents.map(section).join('\n');
}

function section(agent: AgentPhone): string {
  for (const value of [agent.extension, agent.name, agent.password, agent.contact ?? '']) {
    if (/[\r\n\0;<>[\]]/.test(value)) throw new Error(`agent ${agent.extension}: a value cannot stand in a configuration file`);
  }
  const lines = [
    `[${agent.extension}](${agent.phone}-phone)`,
    `hint_exten = ${agent.extension}`,
    `endpoint/callerid = ${agent.name} <${agent.extension}>`,
    `inbound_auth/username = ${agent.extension}`,
    `inbound_auth/password = ${agent.password}`,
  ];
  if (agent.more?.some((line) => /[\r\n\0]|^\[/.test(line))) throw new Error(`agent ${agent.extension}: a line cannot stand in a configuration file`);
  lines.push(...(agent.more ?? []));
  if (agent.contact !== undefined) lines.push('aor/remove_existing = no', 'aor/max_contacts = 2', `aor/contact = ${agent.contact}`);
  return `${lines.join('\n')}\n`;
}

/** Content of HOTLINE_PHONES_FILE: what the gateway hands to the agents' browsers. Desk phones have their own password. */
export function browserPhones(agents: readonly AgentPhone[]): Record<string, { password: string }> {
  return Object.fromEntries(agents.filter((agent) => agent.phone === 'browser').map((agent) => [agent.extension, { password: agent.password }]));
}
