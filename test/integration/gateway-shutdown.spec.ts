import net from 'node:net';
import { CloseCode } from '../../cti-gateway/protocol';
import { createGateway } from '../../cti-gateway/src/gateway';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { ManualClock } from '../fakes/manual-clock';
import { FakePbx } from '../fakes/pbx';
import { makeConfig, startHarness, until, type Harness } from './gateway-harness';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

describe('the end of a gateway', () => {
  it('is announced to every panel, waits for what is being written, and leaves no timer behind', async () => {
    const panels = [await h.panel({ extension: '1001' }), await h.panel({ extension: '1002' })];
    await panels[0]?.command('presence.set', { state: 'ready' });
    h.crm.mode = 'silent';
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    h.pbx.end('c1', 16, 'peer');
    h.pbx.callIn({ callId: 'c2', number: '13912345679' });
    const first = h.gateway.close();
    const second = h.gateway.close();
    await Promise.all([first, second]);
    for (const panel of panels) expect(await panel.closed()).toBe(CloseCode.shuttingDown);
    expect(h.clock.pending).toBe(0);
    // Signed in all the same: the queue goes on while the gateway is replaced.
    expect(h.pbx.members.has('1001')).toBe(true);
    h.crm.mode = 'well';
    await h.crm.stop();
    await h.crm.start();
    await h.restart();
    await until(() => h.crm.rows.has('c1'));
  });

  it('does not wait for a browser that sleeps', async () => {
    const panel = await h.panel({ extension: '1001' });
    panel.stall();
    await h.gateway.close();
  }, 10_000);

  it('in the middle of a handshake is clean', async () => {
    const socket = net.connect(h.gateway.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined);
    socket.write('GET /cti HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n');
    await h.gateway.close();
    socket.destroy();
  }, 10_000);
});

describe('the start of a gateway', () => {
  it('fails with the reason when the port is taken, and leaves nothing running', async () => {
    const clock = new ManualClock();
    const config = makeConfig({ port: h.gateway.port, dataDir: h.dataDir });
    await expect(createGateway({ config, clock, log: silentLog, pbx: new FakePbx(clock) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(clock.pending).toBe(0);
  });

  it('stands broken handshakes and requests', async () => {
    for (const text of [
      'GET /cti HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1\r\n\r\n',
      'nonsense\r\n\r\n',
      'GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n',
    ]) {
      const socket = net.connect(h.gateway.port, '127.0.0.1');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(text);
      await closed;
    }
    const panel = await h.panel({ extension: '1001' });
    await panel.settle();
  });
});
