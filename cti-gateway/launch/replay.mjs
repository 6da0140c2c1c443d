// npm run replay -- FILE.ami.raw: the calls of a recorded AMI stream, as JSON lines.
import './node-version.mjs';
import { spawnSync } from 'child_process';
import path from 'path';

import('./bootstrap.mjs').then(({ ensureBuilt, ensureDependencies, guarded, root }) =>
  guarded(async () => {
    await ensureDependencies();
    await ensureBuilt({ panel: false });
    const program = path.join(root, '.build/cti-gateway/src/replay/main.js');
    process.exit(spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
  }),
);
