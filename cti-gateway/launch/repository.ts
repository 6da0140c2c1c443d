import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from './launch-error';

/** Folder of the checkout, found upwards from here: this file runs from the source tree (tests) and from `.build`. */
export function repositoryRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'hotline') return folder;
  }
  throw new LaunchError('The folder of the product was not found; start from a complete checkout.');
}

/** Git-ignored folder for everything that running the product leaves behind. */
export function runFolder(root = repositoryRoot()): string {
  return join(root, '.run');
}
