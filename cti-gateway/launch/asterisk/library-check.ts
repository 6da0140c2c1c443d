import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tryRun } from './commands';

/**
 * Looks at every program and module of a private copy: does it find all its libraries, and inside the copy only? The
 * first one that does not is named, else null.
 */
export async function missingLibraries(copy: string, triplet: string, modules: readonly string[]): Promise<string | null> {
  const libraries = join(copy, 'usr/lib', triplet);
  const loader = readdirSync(libraries).find((name) => /^ld-linux-.*\.so\./.test(name));
  if (loader === undefined) return 'the loader is missing';
  const moduleFolder = join(libraries, 'asterisk/modules');
  const files = [join(copy, 'usr/sbin/asterisk'), join(copy, 'usr/bin/sipp'), ...modules.map((name) => join(moduleFolder, name)).filter((path) => existsSync(path))];
  for (let next = 0; next < files.length; next += 8) {
    const found = await Promise.all(files.slice(next, next + 8).map((file) => problemOf(file, join(libraries, loader), libraries)));
    const problem = found.find((text) => text !== null);
    if (problem !== undefined && problem !== null) return problem;
  }
  return null;
}

async function problemOf(file: string, loader: string, libraries: string): Promise<string | null> {
  const output = await tryRun(loader, ['--inhibit-cache', '--library-path', libraries, '--list', file]);
  if (output === null) return `${basename(file)} cannot be loaded`;
  for (const line of output.split('\n')) {
    if (line.includes('not found')) return `${basename(file)}: ${line.trim()}`;
    const path = / => (\/\S+)/.exec(line)?.[1];
    if (path !== undefined && !path.startsWith(libraries) && !line.includes('ld-linux')) return `${basename(file)}: ${path} is outside the copy`;
  }
  return null;
}
