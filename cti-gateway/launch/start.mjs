// npm start: everything, on this machine.
import './node-version.mjs';

import('./bootstrap.mjs').then(({ launch }) => launch('cti-gateway/launch/start.js'));
