import net from 'node:net';
import { Listener } from './http/listener';
import { startFailure } from './start-failure';

const database = { dialect: 'sqlite', file: '/data/hotline.db' } as const;

async function listening(host: string, port = 0): Promise<string> {
  const error = await Listener.open(() => undefined, { host, port }).then(
    (listener) => listener.close(),
    (reason: unknown) => reason,
  );
  return startFailure(error, { host, port, database });
}

describe('a start that failed', () => {
  it('names HOTLINE_HOST for what is no address of this machine', async () => {
    expect(await listening('192.0.2.1')).toMatch(/^"192\.0\.2\.1" is no address of this machine \(EADDRNOTAVAIL\)\. Set HOTLINE_HOST /);
    expect(await listening('nowhere.invalid')).toMatch(/^"nowhere\.invalid" is no address of this machine \(E\w+\)\. Set HOTLINE_HOST /);
  });

  it('names HOTLINE_PORT for a port that is taken, or not for this user', async () => {
    const holder = net.createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as net.AddressInfo;
    expect(await listening('127.0.0.1', port)).toBe(`port ${port} is taken by another program. Set HOTLINE_PORT to a free one.`);
    holder.close();
    const refused = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen' });
    expect(startFailure(refused, { host: '::', port: 80, database })).toMatch(/^port 80 may not be opened .* HOTLINE_PORT /);
  });

  it('names the database’s settings for a folder that cannot be made, not the port', () => {
    const refused = Object.assign(new Error('EACCES: permission denied, mkdir'), { code: 'EACCES', syscall: 'mkdir' });
    expect(startFailure(refused, { host: '::', port: 0, database })).toBe(
      'the database /data/hotline.db cannot be used: EACCES: permission denied, mkdir. See DATABASE_URL and HOTLINE_DATA_DIR.',
    );
  });
});
