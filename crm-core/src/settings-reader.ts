import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Labels with dots between; the underscore is for names of containers. */
const HOST_NAME = /^\w(?:[\w.-]{0,251}\w)?$/;
const URL_HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/;

/**
 * Reads settings one by one and keeps what is wrong with them, so that a start names everything at once. The two services share nothing
 * but their contracts: each has this file, and test/architecture holds the two to the same text.
 */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  /** Whether there is anything to read, right or wrong: NAME, or a file with it. */
  has(name: string): boolean {
    return this.raw(name) !== null || this.raw(`${name}_FILE`) !== null;
  }

  text(name: string, fallback: string): string {
    return this.raw(name) ?? fallback;
  }

  optional(name: string): string | null {
    return this.raw(name);
  }

  matching<T extends string | null>(name: string, fallback: T, { pattern, hint }: { pattern: RegExp; hint: string }): string | T {
    const value = this.raw(name);
    if (value === null) return fallback;
    if (!pattern.test(value)) this.wrong(name, hint);
    return value;
  }

  oneOf(name: string, fallback: string, choices: readonly string[]): string {
    const value = this.raw(name) ?? fallback;
    if (!choices.includes(value)) this.wrong(name, `must be one of ${choices.join(', ')}, not "${value}"`);
    return value;
  }

  integer(name: string, fallback: number, { min, max }: { min: number; max: number }): number {
    const value = this.raw(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      this.wrong(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
    return number;
  }

  flag(name: string): boolean {
    const value = this.raw(name) ?? '0';
    if (value !== '0' && value !== '1') this.wrong(name, `must be 0 or 1, not "${value}"`);
    return value === '1';
  }

  list(name: string): readonly string[] {
    return (this.raw(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  host(name: string, fallback: string): string {
    const value = this.raw(name) ?? fallback;
    if (net.isIP(value) === 0 && !HOST_NAME.test(value)) this.wrong(name, `must be a host name or an IP address, not "${value}"`);
    return value;
  }

  /** An address without user or password in it, unless `secret` says that they belong there. It is never repeated: it may hold one by mistake. */
  url<T extends string | null>(name: string, fallback: T, rule: { protocols: readonly string[]; secret?: boolean }): string | T {
    const value = this.raw(name);
    if (value === null) return fallback;
    const url = URL.canParse(value) ? new URL(value) : null;
    const begins = rule.protocols.some((protocol) => value.startsWith(protocol));
    if (url === null || !begins) this.wrong(name, `must be an address beginning with ${rule.protocols.join(' or ')}`);
    else if (!URL_HOST.test(url.host) || url.port === '0') this.wrong(name, 'must name a host, and a port from 1 to 65535 if any');
    else if (/[?#]/.test(value)) this.wrong(name, 'must not hold ? or #');
    else if (rule.secret !== true && (url.username !== '' || url.password !== ''))
      this.wrong(name, 'must not hold a user name or password');
    return value;
  }

  /** A folder to write into: there already, or to be made. */
  folder(name: string, fallback: string): string {
    const folder = path.resolve(this.raw(name) ?? fallback);
    if (!canHoldFiles(folder)) this.wrong(name, `must be a folder that can be written, not "${folder}"`);
    return folder;
  }

  secret(name: string, minLength: number): string {
    if (!this.has(name)) this.wrong(name, `is required (or ${name}_FILE)${minLength > 1 ? `: at least ${minLength} characters` : ''}`);
    return this.optionalSecret(name, minLength) ?? '';
  }

  /** NAME, or the contents of the file named by NAME_FILE. The value never stands in a message. */
  optionalSecret(name: string, minLength: number): string | null {
    const file = this.raw(`${name}_FILE`);
    const value = file === null ? this.raw(name) : this.secretFile(name, file);
    if (value === null) return null;
    if (value.length < minLength) this.wrong(name, `must have at least ${minLength} characters`);
    if (/[\r\n\0]/.test(value)) this.wrong(name, 'must not contain line breaks');
    return value;
  }

  file(name: string, file: string): string | null {
    try {
      return fs.readFileSync(file, 'utf8');
    } catch (error) {
      this.wrong(name, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  wrong(name: string, what: string): void {
    this.problems.push(`${name} ${what}`);
  }

  private secretFile(name: string, file: string): string | null {
    if (this.raw(name) !== null) {
      this.wrong(name, `and ${name}_FILE are both set: only one of them may be`);
      return null;
    }
    const text = this.file(`${name}_FILE`, file)?.trim();
    if (text === '') this.wrong(`${name}_FILE`, 'names a file with nothing in it');
    return text === undefined || text === '' ? null : text;
  }

  private raw(name: string): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
}

/** Whether files can be written there: in the folder, or in the first one above it that exists. Makes nothing. */
export function canHoldFiles(folder: string): boolean {
  try {
    const found = fs.statSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return canHoldFiles(path.dirname(folder));
    if (!found.isDirectory()) return false;
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
