/**
 * `npm run bench [NAME …]`: every benchmark of `test/bench`, one after another, each in a process of its own. Each prints our
 * figure, the floor and the ratio of the same run.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureDependencies, root } from '../cti-gateway/launch/bootstrap.mjs';

await ensureDependencies();
await ensureBuilt({ panel: false });
const wanted = process.argv.slice(2);
const names = fs
  .readdirSync(path.join(root, 'test', 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
let failed = 0;
for (const name of names) {
  console.log(`\n— ${name}`);
  failed += spawnSync(process.execPath, [path.join(root, '.build', 'test', 'bench', `${name}.js`)], { cwd: root, stdio: 'inherit' }).status === 0 ? 0 : 1;
}
process.exitCode = names.length > 0 && failed === 0 ? 0 : 1;
