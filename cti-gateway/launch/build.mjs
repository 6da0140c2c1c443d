// npm run build: installs what is missing and builds what is stale.
import './node-version.mjs';

import('./bootstrap.mjs').then(({ ensureBuilt, ensureDependencies, guarded }) =>
  guarded(async () => {
    await ensureDependencies();
    await ensureBuilt();
  }),
);
