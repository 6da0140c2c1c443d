// npm run calls -- rebuild --from TIME --to TIME [--apply]: the call log anew from Asterisk's channel event log.
import './node-version.mjs';

import('./bootstrap.mjs').then(({ launch }) => launch('cti-gateway/launch/calls.js', { panel: false }));
