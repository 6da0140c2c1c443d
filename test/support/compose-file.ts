import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
  readonly networks: Readonly<Record<string, { readonly ipam?: { readonly config: readonly { readonly subnet: string }[] } } | null>>;
}

const root = path.resolve(__dirname, '../..');
export const composeText = fs.readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');

/** `docker-compose.yml` as an engine would read it with this environment: anchors and merges resolved, `${…}` put in. */
export function composeFile(env: Readonly<Record<string, string>>): ComposeFile {
  const raw = parse(composeText, { merge: true, uniqueKeys: true }) as unknown;
  return interpolated(raw, env) as ComposeFile;
}

/** Every variable that may be set in .env. */
export const composeVariables = (): Set<string> => new Set([...composeText.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map((match) => match[1] ?? ''));

/** What env.example gives a value to, and what it names in a comment. */
export function envExample(): { readonly needed: string[]; readonly optional: string[] } {
  const text = fs.readFileSync(path.join(root, 'cti-gateway/launch/docker/env.example'), 'utf8');
  const names = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  return { needed: names(/^([A-Z][A-Z0-9_]*)=/gm), optional: names(/^#([A-Z][A-Z0-9_]*)=/gm) };
}

function interpolated(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replace(/\$\$|\$\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\}/g, (_, name: string | undefined, kind: string | undefined, rest: string | undefined) => {
    if (name === undefined) return '$';
    const given = env[name] ?? '';
    if (given !== '') return given;
    if (kind === '?') throw new Error(rest);
    return rest ?? '';
  });
  if (Array.isArray(value)) return value.map((part) => interpolated(part, env));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, interpolated(part, env)]));
  return value;
}
