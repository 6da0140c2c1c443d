import fs from 'node:fs';
import path from 'node:path';
import { Numbering, NumberingChange, Rekeying, type CallLogEntry } from '../../crm-core/contract';
import type { CallTrailView } from '../../crm-core/contract/call-trail';
import { repositoryRoot } from '../../cti-gateway/launch/repository';
import { AmiTap } from '../support/ami-tap';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { RestClient } from '../support/rest-client';

/** Three ways in, told apart by the address they come from. */
const BEIJING = { name: 'beijing', host: '127.0.0.4', context: 'from-trunk' };
const OLD_PBX = { name: 'old-pbx', host: '127.0.0.5', context: 'from-pbx' };
const LOCAL = '62345678';

jest.setTimeout(120_000);

/** Real calls by several trunks, from SIPp through Asterisk and the gateway to crm-core. */
describe('rules for the callers of one trunk', () => {
  let hotline: Hotline;
  let admin: RestClient;
  let supervisor: RestClient;
  let ami: AmiTap;

  beforeAll(async () => {
    const trunks = [fs.readFileSync(path.join(repositoryRoot(), 'dialplans/pjsip.d/trunk.conf'), 'utf8'), ...[BEIJING, OLD_PBX].map(trunkConfig)];
    hotline = await Hotline.start({
      files: { 'pjsip.d/trunk.conf': trunks.join('\n'), 'extensions.d/caller-routing.conf': routingByPlace() },
      env: { HOTLINE_TRUNKS: ['trunk', BEIJING.name, OLD_PBX.name].join() },
    });
    ami = await AmiTap.connect(hotline.pbx.ami, hotline.pbx.ami);
    [admin, supervisor] = await Promise.all([hotline.rest('admin'), hotline.rest('zhuguan')]);
    await supervisor.post('/customers', { name: '京城客户', numbers: [{ raw: `010-${LOCAL}`, label: 'office' }] });
    await supervisor.post('/customers', { name: '羊城客户', numbers: [{ raw: `020-${LOCAL}`, label: 'office' }] });
    await saveRules([
      { scope: 'trunk', name: BEIJING.name, areaCode: '10', outsidePrefix: '9' },
      { scope: 'trunk', name: OLD_PBX.name, internalPattern: '8\\d{3}' },
    ]);
  });
  afterAll(async () => {
    ami?.close();
    await hotline?.stop();
  });

  async function saveRules(exceptions: object[]): Promise<void> {
    const { version, default: base } = Numbering.parse(await admin.get('/numbering'));
    await admin.put('/numbering', NumberingChange.parse({ version, default: base, exceptions }));
    await eventually('keys are made again', async () => Rekeying.parse(await admin.get('/numbering/rekeying')).state === 'idle');
  }

  /** A call that nobody answers, and its row. */
  async function callFrom(from: string, trunkHost?: string): Promise<CallLogEntry> {
    const known = new Set((await supervisor.calls()).map(({ callId }) => callId));
    await hotline.caller({ from, hangUpAfterMs: 700, ...(trunkHost === undefined ? {} : { trunkHost }) }).finished();
    return eventually('the call is in the log', async () => (await supervisor.calls()).find(({ callId }) => !known.has(callId)));
  }

  /** What the pop said in the end; on a busy machine the question goes out before the dialplan has spoken, and again when it has. */
  async function matchOf({ callId }: CallLogEntry): Promise<string | null | undefined> {
    const { steps } = (await supervisor.get(`/calls/${encodeURIComponent(callId)}/trail`)) as CallTrailView;
    return steps.findLast(({ step }) => step === 'lookup_answered')?.value;
  }

  it('reads a local number by the area of the trunk it came in by', async () => {
    const here = await callFrom(LOCAL);
    expect(here).toMatchObject({ trunk: 'trunk', context: 'external', numberKey: `+8620${LOCAL}`, customerName: '羊城客户' });
    const there = await callFrom(LOCAL, BEIJING.host);
    expect(there).toMatchObject({ trunk: BEIJING.name, line: hotline.line, numberKey: `+8610${LOCAL}`, customerName: '京城客户' });
    expect([await matchOf(here), await matchOf(there)]).toEqual(['known', 'known']);
  });

  it('takes the outside prefix of one trunk away, not that of another', async () => {
    expect(await callFrom('913912345678', BEIJING.host)).toMatchObject({ numberKey: '+8613912345678', customerName: '云岭市政管网有限公司' });
    expect((await callFrom('913912345678')).numberKey).not.toBe('+8613912345678');
  });

  it('knows an extension of another PBX by context and pattern together', async () => {
    const inside = await callFrom('8001', OLD_PBX.host);
    expect(inside).toMatchObject({ trunk: OLD_PBX.name, context: 'internal', numberClass: 'internal', numberKey: null });
    expect(await matchOf(inside)).toBe('internal');
    expect(await callFrom('13912345678', OLD_PBX.host)).toMatchObject({ context: 'internal', customerName: '云岭市政管网有限公司' });
    const outside = await callFrom('8001');
    expect(outside).toMatchObject({ context: 'external', numberClass: 'unknown' });
    expect(await matchOf(outside)).toBe('unknown');
  });

  /** Where the dialplan thinks a caller is, and how far ahead they wait. */
  async function routed(from: string): Promise<string> {
    const caller = hotline.caller({ from, hangUpAfterMs: 4_000 });
    const { Channel = '' } = await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === from);
    const asked = ['CALLER_PROVINCE', 'CALLER_CITY', 'CALLER_CARRIER', 'QUEUE_PRIO'].map((Variable) => ami.action('Getvar', { Channel, Variable }));
    const values = (await Promise.all(asked)).map(({ Value }) => Value ?? '');
    await caller.finished();
    return `${from} ${values.join('|')}`;
  }

  it('tells the dialplan where a number belongs, however it is written, and nothing where that is not known', async () => {
    const places = {
      '02081234567': '广东|广州||5',
      '+862081234567': '广东|广州||5',
      '81234567': '广东|广州||5',
      '075582345678': '广东|深圳||5',
      '013912345678': '||mobile|',
      '8613012345678': '||unicom|',
      '1064912345678': '||machine|-5',
      '0085261234567': '|||',
      '4008208820': '|||',
      anonymous: '|||',
    };
    ami.events.length = 0;
    const seen = await Promise.all(Object.keys(places).map(routed));
    expect(seen.sort()).toEqual(Object.entries(places).map(([from, place]) => `${from} ${place}`).sort());
  });

  it('lets callers of one province go first, where the dialplan says so', async () => {
    ami.events.length = 0;
    const beijing = hotline.caller({ from: '01066661111', hangUpAfterMs: 6_000 });
    await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === '01066661111');
    const guangdong = hotline.caller({ from: '075566661111', hangUpAfterMs: 1_000 });
    expect(await ami.event('QueueCallerJoin', (event) => event.CallerIDNum === '075566661111')).toMatchObject({ Position: '1', Count: '2' });
    await Promise.all([beijing.finished(), guangdong.finished()]);
  });

  it('makes the keys of past calls again by the trunk each came in by', async () => {
    const named = async (): Promise<string[]> =>
      (await supervisor.calls()).filter(({ remoteNumber }) => remoteNumber === LOCAL).map(({ trunk, customerName }) => `${trunk}: ${customerName}`);
    expect((await named()).sort()).toEqual(['beijing: 京城客户', 'trunk: 羊城客户']);
    await saveRules([{ scope: 'trunk', name: BEIJING.name, areaCode: '20' }]);
    await eventually('both are the same caller now', async () => (await named()).sort().join() === 'beijing: 羊城客户,trunk: 羊城客户');
  });
});

/** The examples of the file itself, switched on; but for the one that needs a queue more. */
function routingByPlace(): string {
  const text = fs.readFileSync(path.join(repositoryRoot(), 'dialplans/extensions.d/caller-routing.conf'), 'utf8');
  return text.replace(/^;( same => n,ExecIf.*Set\(QUEUE_PRIO=.*)$/gm, '$1');
}

function trunkConfig({ name, host, context }: typeof BEIJING): string {
  return `
[${name}]
type = endpoint
context = ${context}
transport = transport-udp
aors = ${name}
identify_by = ip
disallow = all
allow = alaw
direct_media = no
rtp_symmetric = yes
trust_id_inbound = yes

[${name}]
type = aor
contact = sip:${host}:5060

[${name}]
type = identify
endpoint = ${name}
match = ${host}
`;
}
