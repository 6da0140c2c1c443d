// npm run test:faults -- [--calls N] [--seed N]: real calls while the gateway, crm-core and Asterisk are killed; ends with a table.
import { launch } from '../../cti-gateway/launch/bootstrap.mjs';

await launch('test/faults/main.js', { panel: false });
// What the run has opened (sockets of panels that were cut) would keep the process.
process.exit();
