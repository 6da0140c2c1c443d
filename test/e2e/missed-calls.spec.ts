import type { CallLogEntry } from '../../crm-core/contract';
import { eventually } from '../support/eventually';
import { Hotline } from '../support/hotline';
import type { RestClient } from '../support/rest-client';

jest.setTimeout(120_000);

/** Twelve hours from now, for half an hour: closed now. */
function closedNow(): string {
  const hour = String((new Date().getHours() + 12) % 24).padStart(2, '0');
  return `${hour}:00-${hour}:30,*,*,*`;
}

const rowOf = (rest: RestClient, number: string): Promise<CallLogEntry> =>
  eventually(`the row of ${number}`, async () => (await rest.calls(`number=${number}`))[0] ?? null);

describe('callers who were not reached', () => {
  let hotline: Hotline;
  let rest: RestClient;
  beforeAll(async () => {
    hotline = await Hotline.start({ queue: { waitSeconds: 6 } });
    rest = await hotline.rest('zhuguan');
  });
  afterAll(() => hotline?.stop());

  it('waited as long as a caller may: the row says so', async () => {
    hotline.caller({ from: '13700001001', hangUpAfterMs: 30_000 });
    expect(await rowOf(rest, '13700001001')).toMatchObject({ outcome: 'no_answer', exitReason: 'queue_timeout', answeredAt: null });
  });

  it('asked to be called back by a key while waiting', async () => {
    hotline.caller({ from: '13700001002', pressesAfterMs: 1_500, hangUpAfterMs: 30_000 });
    expect(await rowOf(rest, '13700001002')).toMatchObject({ outcome: 'no_answer', exitReason: 'callback_requested', queue: 'hotline' });
  });
});

describe('callers outside business hours', () => {
  let hotline: Hotline;
  beforeAll(async () => {
    hotline = await Hotline.start({ openHours: closedNow() });
  });
  afterAll(() => hotline?.stop());

  it('are told so and do not wait', async () => {
    hotline.caller({ from: '13700001003', hangUpAfterMs: 30_000 });
    const row = await rowOf(await hotline.rest('zhuguan'), '13700001003');
    expect(row).toMatchObject({ exitReason: 'outside_hours', queue: null, answeredAt: null, endedBy: 'system' });
  });
});
