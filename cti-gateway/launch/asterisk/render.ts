import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type TemplateValues = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /@([A-Z][A-Z0-9_]*)@/g;

/**
 * Puts values in for `@NAME@`. A placeholder without a value is an error: Asterisk would take it for text.
 * Control characters in a value could begin a new setting and are refused, except in values that are whole sections.
 */
export function renderTemplate(template: string, values: TemplateValues, file = 'template'): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: no value for @${name}@`);
    const text = String(value);
    if (/[\r\0]/.test(text) || (text.includes('\n') && !name.endsWith('_OPTIONS'))) throw new Error(`${file}: control character in the value of @${name}@`);
    return text;
  });
}

/** Folders and files of `dialplans/` that are not configuration of the instance itself. */
const NOT_CONFIGURATION = new Set(['README.md', 'docker', 'carrier', 'sounds', 'moh']);

export interface RenderTreeOptions {
  readonly values: TemplateValues;
  /** Files whose text replaces the template of that name (relative path). */
  readonly replace?: Readonly<Record<string, string>>;
  /** A folder whose `.conf` files replace those of the same name, e.g. `dialplans/carrier`. */
  readonly overlay?: string;
  /** Only these top-level templates are taken; default: all. */
  readonly only?: readonly string[];
}

/** Writes the configuration of an instance. The target folder is emptied first, so that nothing old is read again. */
export function renderTree(source: string, target: string, options: RenderTreeOptions): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true, mode: 0o700 });
  renderFolder(source, target, '', options);
  const { only: _, ...all } = options;
  if (options.overlay !== undefined) renderFolder(options.overlay, target, '', all);
}

function renderFolder(source: string, target: string, prefix: string, options: RenderTreeOptions): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (prefix === '' && (NOT_CONFIGURATION.has(entry.name) || (options.only && !options.only.includes(entry.name)))) continue;
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    const relative = prefix + entry.name;
    if (entry.isDirectory()) {
      mkdirSync(to, { recursive: true, mode: 0o700 });
      renderFolder(from, to, `${relative}/`, options);
    } else if (entry.name.endsWith('.conf')) {
      const text = options.replace?.[relative] ?? readFileSync(from, 'utf8');
      writeFileSync(to, renderTemplate(text, options.values, relative), { mode: 0o600 });
    } else {
      cpSync(from, to);
    }
  }
}
