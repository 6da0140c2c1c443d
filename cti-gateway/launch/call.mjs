// npm run call -- NUMBER [LINE]: a test call into the running demo.
import './node-version.mjs';

import('./bootstrap.mjs').then(({ launch }) => launch('cti-gateway/launch/call.js', { panel: false }));
