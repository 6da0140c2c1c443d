import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

/** Each service reads its environment by itself; what a wrong value is, and how a secret comes from a file, is the same in both. */
it('has the same reader of settings in both services', () => {
  const [core, gateway] = ['crm-core', 'cti-gateway'].map((name) =>
    fs.readFileSync(path.join(root, name, 'src/settings-reader.ts'), 'utf8'),
  );
  expect(gateway).toBe(core);
});
