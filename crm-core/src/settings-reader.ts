import fs from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings one by one and keeps what is wrong with them, so that a start names everything at once. */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  text(name: string, fallback: string): string {
    return this.raw(name) ?? fallback;
  }

  optional(name: string): string | null {
    return this.raw(name);
  }

  matching(name: string, fallback: string | null, { pattern, hint }: { pattern: RegExp; hint: string }): string | null {
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

  flag(name: string): boolean {
    const value = this.raw(name) ?? '0';
    if (value !== '0' && value !== '1') this.wrong(name, `must be 0 or 1, not "${value}"`);
    return value === '1';
  }

  /** NAME, or the contents of the file named by NAME_FILE without the line end. The value never stands in a message. */
  secret(name: string, minLength: number, required: boolean): string | null {
    const file = this.raw(`${name}_FILE`);
    const value = file === null ? this.raw(name) : this.readFile(`${name}_FILE`, file);
    if (value === null) {
      if (required && file === null) this.wrong(name, `is required (or ${name}_FILE): at least ${minLength} characters`);
      return null;
    }
    if (value.length < minLength) this.wrong(name, `must have at least ${minLength} characters`);
    return value;
  }

  wrong(name: string, what: string): void {
    this.problems.push(`${name} ${what}`);
  }

  private readFile(name: string, file: string): string | null {
    try {
      return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      this.wrong(name, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  private raw(name: string): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
}
