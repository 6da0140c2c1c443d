import fs from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings one by one and keeps what is wrong with them, so that a start names everything at once. */
export class EnvReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

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

  integer(name: string, fallback: number, { min, max }: { min: number; max: number }): number {
    const value = this.raw(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      this.wrong(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
    return number;
  }

  /** An address without user or password in it, unless `secret` says that they belong there; then it is never repeated. */
  url(name: string, value: string | null, rule: { protocols: readonly string[]; secret?: boolean }): string {
    if (value === null) return '';
    const url = URL.canParse(value) ? new URL(value) : null;
    const hint = `must be an address beginning with ${rule.protocols.join(' or ')}`;
    if (url === null || !rule.protocols.includes(`${url.protocol}//`)) this.wrong(name, hint);
    else if (rule.secret !== true && (url.username !== '' || url.password !== ''))
      this.wrong(name, 'must not hold a user name or password');
    return value.replace(/\/+$/, '');
  }

  list(name: string): readonly string[] {
    return (this.raw(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  /** NAME, or the contents of the file named by NAME_FILE without the line end. The value never stands in a message. */
  secret(name: string, minLength: number): string {
    const file = this.raw(`${name}_FILE`);
    const value = file === null ? this.raw(name) : (this.file(`${name}_FILE`, file)?.replace(/\r?\n$/, '') ?? null);
    if (value === null) {
      if (file === null) this.wrong(name, `is required (or ${name}_FILE)${minLength > 1 ? `: at least ${minLength} characters` : ''}`);
      return '';
    }
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

  private raw(name: string): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
}
