// npm run test:faults -- [--calls N] [--seed N]
import { launch } from '../../cti-gateway/launch/bootstrap.mjs';

await launch('test/faults/main.js');
process.exit();
