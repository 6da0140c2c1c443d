import { CloseCode } from '../../cti-gateway/protocol';
import { startHarness, until, type Harness } from './gateway-harness';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const account = (extension: string, role: 'agent' | 'supervisor' = 'agent') => ({
  userId: `u-${extension}`,
  displayName: `坐席${extension}`,
  extension,
  role,
});
const looked = () => h.crm.requests.filter((request) => request === 'GET /api/v1/agents').length;
/** Lets the gateway look at the accounts once more, and say what it has to. */
async function look(): Promise<void> {
  const before = looked();
  await until(() => {
    h.clock.advance(1_000);
    return looked() > before;
  });
}

describe('accounts that change while their windows are open', () => {
  it('disabled: every window is sent away, nobody else’s, and the agent is out of the queue', async () => {
    h.crm.agents = [account('1001'), account('1002')];
    const [one, other] = [await h.panel({ extension: '1001' }), await h.panel({ extension: '1002' })];
    const second = await h.connect();
    await second.hello({ userId: 'u-1001', extension: '1001' }, h.clock.nowMs(), { tab: 'tab-00000002' });
    await one.command('presence.set', { state: 'ready' });
    await look();
    expect([one.closeCode, second.closeCode, other.closeCode]).toEqual([null, null, null]);
    h.crm.agents = [account('1002')];
    await look();
    expect([await one.closed(), await second.closed()]).toEqual([CloseCode.ticket, CloseCode.ticket]);
    await until(() => {
      h.clock.advance(1_000);
      return h.pbx.members.get('1001') === undefined;
    });
    await other.settle();
    expect(other.closeCode).toBeNull();
  });

  it.each([
    ['another extension', { ...account('1009'), userId: 'u-1001' }],
    ['another role', account('1001', 'supervisor')],
  ])('%s: a new ticket is needed', async (_, changed) => {
    h.crm.agents = [changed];
    const panel = await h.panel({ extension: '1001' });
    await look();
    expect(await panel.closed()).toBe(CloseCode.ticket);
  });

  it('in the middle of a call: only when it is over', async () => {
    h.crm.agents = [account('1001')];
    const panel = await h.panel({ extension: '1001' });
    h.pbx.callIn({ callId: 'c1', number: '13912345678' });
    h.pbx.answer('c1', h.pbx.ring('c1', '1001'));
    await panel.event('call.changed', ({ call }) => call.state === 'connected');
    h.crm.agents = [];
    await look();
    await look();
    expect(panel.closeCode).toBeNull();
    h.pbx.end('c1', 16, 'peer');
    await panel.event('call.ended');
    await look();
    expect(await panel.closed()).toBe(CloseCode.ticket);
  });

  it.each(['silent', 'error', 'garbage'] as const)('nobody is sent away by a crm-core that is %s', async (mode) => {
    h.crm.agents = [account('1001')];
    const panel = await h.panel({ extension: '1001' });
    await look();
    h.crm.mode = mode;
    h.crm.agents = [];
    for (let step = 0; step < 60; step += 1) {
      h.clock.advance(1_000);
      await panel.settle();
    }
    expect(panel.closeCode).toBeNull();
  });
});
