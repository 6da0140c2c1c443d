import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { FileJournal } from './adapters/journal/file-journal';
import { silentLog } from './ports/log';
import { startFailure } from './start-failure';

const start = { host: '192.0.2.1', port: 8081, dataDir: '/data' };

async function listenFailure(host: string): Promise<unknown> {
  const server = net.createServer();
  return new Promise((resolve) => server.once('error', resolve).listen(0, host));
}

it('names HOTLINE_CTI_HOST for what is no address of this machine', async () => {
  expect(startFailure(await listenFailure(start.host), start)).toMatch(
    /^"192\.0\.2\.1" is no address of this machine .* HOTLINE_CTI_HOST /,
  );
  expect(startFailure(await listenFailure('nowhere.invalid'), start)).toMatch(/ is no address of this machine .* HOTLINE_CTI_HOST /);
});

it('names HOTLINE_CTI_PORT for a port that is taken, or not for this user', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code, syscall: 'listen' });
  expect(startFailure(failure('EADDRINUSE'), start)).toMatch(/^port 8081 .* HOTLINE_CTI_PORT /);
  expect(startFailure(failure('EACCES'), start)).toMatch(/^port 8081 .* HOTLINE_CTI_PORT /);
});

it('names HOTLINE_DATA_DIR for a journal that cannot be written', async () => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-start-'));
  fs.writeFileSync(path.join(dataDir, 'journal'), 'a file in the way');
  const error: unknown = await FileJournal.open(path.join(dataDir, 'journal'), silentLog).catch((reason: unknown) => reason);
  expect(startFailure(error, { ...start, dataDir })).toMatch(new RegExp(`^HOTLINE_DATA_DIR \\(${dataDir}\\) cannot be used: E\\w+: `));
  fs.rmSync(dataDir, { recursive: true });
});
