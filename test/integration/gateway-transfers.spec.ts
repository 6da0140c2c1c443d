import type { PassedContext, TransferTarget } from '../../cti-gateway/protocol';
import { errorOf, startHarness, until, type Harness, type TestPanel } from './gateway-harness';

let h: Harness;
let first: TestPanel;
let second: TestPanel;
const context: PassedContext = {
  customerId: null,
  contactId: null,
  text: { problem: '加密狗', solution: '', remarks: '', sourceContact: '' },
};
const colleague = { kind: 'agent' as const, extension: '1002' };
const CALL = 'hotline-1.1';

beforeEach(async () => {
  h = await startHarness();
  first = await h.panel({ extension: '1001' });
  second = await h.panel({ extension: '1002' });
});
afterEach(() => h.close());

/** A customer talks with 1001. @returns the agent's channel. */
async function talk({ recording, number = '13912345678' }: { recording?: string; number?: string } = {}): Promise<string> {
  h.pbx.callIn({ callId: CALL, number, ...(recording === undefined ? {} : { recording }) });
  const leg = h.pbx.ring(CALL, '1001');
  h.pbx.answer(CALL, leg);
  await first.event('call.changed', ({ call }) => call.state === 'connected');
  return leg;
}
const transfers = (): string[] => h.pbx.actions.filter((action) => !action.startsWith('hangup'));

describe('passing a call on at once', () => {
  it('tells the next agent who it was and what is written, and is done once however often it is asked', async () => {
    const leg = await talk();
    const ask = () => first.command('call.transfer', { callId: CALL, target: colleague, context });
    expect((await Promise.all([ask(), ask()])).map(errorOf)).toEqual(['ok', 'ok']);
    expect(transfers()).toHaveLength(1);
    expect(transfers()[0]).toMatch(/^transfer PJSIP\/1001-\w+ agent 1002$/);
    h.clock.advance(10);
    h.pbx.ring(CALL, '1002');
    const { call } = await second.event('call.offered');
    expect(call.passedOn).toMatchObject({ kind: 'blind', fromExtension: '1001', context, asking: false, returned: null });
    h.pbx.end(leg);
  });

  it('says why it has come back', async () => {
    await talk();
    await first.command('call.transfer', { callId: CALL, target: colleague, context });
    h.clock.advance(10);
    const tried = h.pbx.ring(CALL, '1002');
    h.clock.advance(10);
    h.pbx.stopRinging(CALL, tried, { result: 'no_answer', cause: 19 });
    h.pbx.ring(CALL, '1001');
    const { call } = await first.event('call.offered', (data) => data.call.passedOn?.returned != null);
    expect(call.passedOn?.returned).toBe('no_answer');
  });

  it('waits with the reason until it is told', async () => {
    await talk();
    await first.command('call.transfer', { callId: CALL, target: colleague, context });
    h.clock.advance(10);
    const tried = h.pbx.ring(CALL, '1002');
    h.clock.advance(10);
    h.pbx.ring(CALL, '1001');
    await first.event('call.offered', (data) => data.call.passedOn?.kind === 'blind');
    h.pbx.stopRinging(CALL, tried, { result: 'busy', cause: 17 });
    const { call } = await first.event('call.changed', (data) => data.call.passedOn?.returned != null);
    expect(call).toMatchObject({ state: 'alerting', passedOn: { returned: 'declined' } });
  });

  it.each([
    ['itself', { kind: 'agent' as const, extension: '1001' }, 'transfer.own_extension'],
    ['nobody', { kind: 'agent' as const, extension: '7777' }, 'transfer.unknown_target'],
    ['a queue that is none', { kind: 'queue' as const, queue: 'sales' }, 'transfer.unknown_target'],
    ['abroad', { kind: 'number' as const, number: '0085261234567' }, 'dial.international_not_permitted'],
    ['a dialplan expression', { kind: 'number' as const, number: '${SHELL(id)}' }, 'dial.invalid_number'],
  ])('refuses %s before Asterisk is asked', async (_title, target, code) => {
    await talk();
    expect(errorOf(await first.command('call.transfer', { callId: CALL, target, context }))).toBe(code);
    expect(transfers()).toEqual([]);
  });

  it('an outside number goes as digits', async () => {
    await talk();
    const target = { kind: 'number' as const, number: '+86 139-0000-0077' };
    expect(errorOf(await first.command('call.transfer', { callId: CALL, target, context }))).toBe('ok');
    expect(transfers()[0]).toMatch(/number 13900000077$/);
  });

  it('leaves nothing behind when Asterisk refuses', async () => {
    await talk();
    h.pbx.failures.transfer = 'refused';
    expect(errorOf(await first.command('call.transfer', { callId: CALL, target: colleague, context }))).toBe('pbx.refused');
    await first.command('session.snapshot', {});
    await first.settle();
    expect(first.callFrames().at(-1)?.call.passedOn).toBeUndefined();
  });

  it('is refused to whose call it is not', async () => {
    await talk();
    expect(errorOf(await second.command('call.transfer', { callId: CALL, target: colleague, context }))).toBe('call.not_yours');
  });
});

describe('asking first', () => {
  const consult = (panel: TestPanel, target: TransferTarget = colleague) =>
    panel.command('call.consult', { callId: CALL, target, context });
  const complete = (panel: TestPanel) => panel.command('call.consult.complete', { callId: CALL, context });
  const talkTo = (party: 'customer' | 'target') => first.command('call.consult.talkTo', { callId: CALL, party });
  /** Events of one moment have no order to the call model. */
  const shows = async (state: string) => {
    const shown = await first.event('call.changed', ({ call }) => call.consult?.state === state);
    h.clock.advance(10);
    return shown;
  };
  /** The one being asked on the fake. */
  const asked = () => h.pbx.consultation ?? fail();
  const fail = (): never => {
    throw new Error('nobody is asked');
  };

  it('rings, talks, to and fro, passes on: the next agent has the context', async () => {
    await talk();
    expect(errorOf(await consult(first))).toBe('ok');
    await shows('calling');
    expect(h.pbx.settled).toHaveLength(1);
    expect((await second.event('call.offered')).call.passedOn).toMatchObject({ asking: true, fromExtension: '1001', context });
    expect(errorOf(await talkTo('customer'))).toBe('transfer.not_answered_yet');
    asked().answer();
    expect((await shows('target')).call.consult?.customerHeldSince).not.toBeNull();
    expect(errorOf(await talkTo('customer'))).toBe('ok');
    expect((await shows('customer')).call.consult?.customerHeldSince).toBeNull();
    expect(errorOf(await talkTo('target'))).toBe('ok');
    expect(errorOf(await complete(first))).toBe('ok');
    await first.event('call.ended');
    const { call } = await second.event('call.changed', (data) => data.call.passedOn?.asking === false);
    expect(call).toMatchObject({ state: 'connected', passedOn: { kind: 'consult', fromExtension: '1001', context } });
    expect(errorOf(await complete(first))).toBe('ok');
  });

  it.each([
    ['declines', () => asked().targetGone(21)],
    ['hangs up', () => (asked().answer(), asked().targetGone())],
  ])('the agent keeps the call when the colleague %s', async (_title, gone) => {
    await talk();
    await consult(first);
    await shows('calling');
    gone();
    const { call } = await first.event('call.changed', (data) => data.call.consult === undefined && data.call.passedOn === undefined);
    expect(call.state).toBe('connected');
  });

  it('the customer hangs up first: agent and colleague are told apart from each other', async () => {
    await talk();
    await consult(first);
    await shows('calling');
    asked().answer();
    await shows('target');
    h.pbx.leave(CALL);
    h.pbx.end(CALL, 16, 'peer');
    await first.settle();
    expect(errorOf(await complete(first))).toBe('transfer.customer_gone');
  });

  it('cancels; the colleague who rang is asked no more, and may be asked again', async () => {
    await talk();
    await consult(first);
    expect(errorOf(await first.command('call.consult.cancel', { callId: CALL }))).toBe('ok');
    await second.event('call.withdrawn');
    expect(errorOf(await first.command('call.consult.cancel', { callId: CALL }))).toBe('transfer.no_consult');
    expect(errorOf(await consult(first))).toBe('ok');
  });

  it('hands over while the colleague still rings: let go and passed on at once', async () => {
    await talk();
    await consult(first);
    expect(errorOf(await complete(first))).toBe('ok');
    expect(transfers().map((action) => action.split(' ')[0])).toEqual(['consult', 'cancel', 'transfer']);
    h.clock.advance(10);
    h.pbx.ring(CALL, '1002');
    const { call } = await second.event('call.offered', (data) => data.call.passedOn?.kind === 'blind');
    expect(call.passedOn).toMatchObject({ asking: false, fromExtension: '1001', context });
  });

  it('all three, and the agent who leaves leaves the other two', async () => {
    const leg = await talk();
    expect(errorOf(await first.command('call.conference', { callId: CALL }))).toBe('transfer.no_consult');
    await consult(first);
    await shows('calling');
    asked().answer();
    await shows('target');
    expect(errorOf(await first.command('call.conference', { callId: CALL }))).toBe('ok');
    await shows('conference');
    expect(errorOf(await talkTo('customer'))).toBe('call.wrong_state');
    h.pbx.leave(leg);
    h.pbx.end(leg, 16, 'peer');
    await first.event('call.ended');
    const { call } = await second.event('call.changed', (data) => data.call.passedOn?.asking === false);
    expect(call.state).toBe('connected');
  });

  it('types again what was lost, and says so when it is lost twice', async () => {
    await talk();
    h.pbx.loseKeys = 1;
    const reply = consult(first);
    await first.settle();
    h.clock.advance(2_501);
    expect(errorOf(await reply)).toBe('ok');
    h.pbx.loseKeys = 2;
    const step = first.command('call.consult.cancel', { callId: CALL });
    for (let tries = 0; tries < 2; tries += 1) {
      await first.settle();
      h.clock.advance(2_501);
    }
    expect(errorOf(await step)).toBe('transfer.not_taken');
  });

  it('leaves nothing behind when Asterisk takes no consultation on this channel', async () => {
    await talk();
    h.pbx.loseKeys = 2;
    const reply = consult(first);
    for (let tries = 0; tries < 2; tries += 1) {
      await first.settle();
      h.clock.advance(2_501);
    }
    expect(errorOf(await reply)).toBe('transfer.not_taken');
    expect(errorOf(await first.command('call.consult.cancel', { callId: CALL }))).toBe('transfer.no_consult');
    expect(first.callFrames().at(-1)?.call.passedOn).toBeUndefined();
  });

  it('one at a time, and a queue never', async () => {
    await talk();
    expect(errorOf(await consult(first, { kind: 'queue', queue: 'hotline' }))).toBe('transfer.unknown_target');
    await consult(first);
    const other = { kind: 'number' as const, number: '13900000077' };
    expect(errorOf(await consult(first, other))).toBe('transfer.consulting');
    expect(errorOf(await first.command('call.transfer', { callId: CALL, target: other, context }))).toBe('transfer.consulting');
    expect(errorOf(await consult(first))).toBe('ok');
  });

  it('refuses a colleague whose telephone is not signed in, and whoever may not pass calls on', async () => {
    await talk();
    h.pbx.device('1002', 'unavailable');
    expect(errorOf(await consult(first))).toBe('transfer.target_unreachable');
    const other = await h.panel({ extension: '1001', permissions: ['call.dial'] });
    expect(errorOf(await consult(other))).toBe('transfer.not_permitted');
    expect(errorOf(await other.command('call.transfer', { callId: CALL, target: colleague, context }))).toBe('transfer.not_permitted');
  });
});

describe('parking', () => {
  const parking = { kind: 'parking' as const };
  const takeUp = (panel: TestPanel, dialId: string) => panel.command('call.takeUp', { callId: CALL, dialId });
  /** A customer whom 1001 has parked. */
  const parked = async (number?: string) => {
    const leg = await talk(number === undefined ? {} : { number });
    expect(errorOf(await first.command('call.transfer', { callId: CALL, target: parking, context }))).toBe('ok');
    expect(transfers().at(-1)).toMatch(/^park PJSIP\/trunk-\w+ by 1001$/);
    h.clock.advance(10);
    h.pbx.leave(CALL);
    h.pbx.emit({ type: 'call.parked', channel: h.pbx.refOf(CALL), parkedBy: 'PJSIP/1001', place: '701', timeoutMs: 120_000 });
    h.pbx.leave(leg);
    h.pbx.end(leg);
    return second.event('parked.changed', ({ parked: [one] }) => one !== undefined);
  };

  it('shows everybody who waits where, and since when', async () => {
    const { parked: list } = await parked();
    expect(list).toMatchObject([{ callId: CALL, place: '701', byExtension: '1001', remoteNumber: '13912345678' }]);
    const late = await h.panel({ extension: '1003' });
    expect(late.of('session.started')[0]).toMatchObject({ parked: [{ callId: CALL }] });
    h.pbx.end(CALL, 16, 'peer');
    await second.event('parked.changed', (data) => data.parked.length === 0);
  });

  it('the first who takes the call up has it; once, however often it is asked', async () => {
    await parked();
    expect((await Promise.all([takeUp(second, 'dial-00000001'), takeUp(second, 'dial-00000001')])).map(errorOf)).toEqual(['ok', 'ok']);
    expect(h.pbx.originated).toMatchObject([
      { channelId: 'dial-dial-00000001', extension: '1002', number: '701', context: 'parking-taken-up' },
    ]);
    const third = await h.panel({ extension: '1003' });
    expect(errorOf(await takeUp(third, 'dial-00000002'))).toBe('parking.gone');
  });

  it('is possible for whoever called, also with a caller ID that is no number', async () => {
    await parked('sip-alice');
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('ok');
    expect(h.pbx.originated).toMatchObject([{ number: '701', displayNumber: '701' }]);
  });

  it('may be tried again when the telephone could not be rung', async () => {
    await parked();
    h.pbx.failures.originate = 'phone_unreachable';
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('pbx.phone_unreachable');
    delete h.pbx.failures.originate;
    expect(errorOf(await takeUp(second, 'dial-00000002'))).toBe('ok');
  });

  it('is taken back when it was not answered in time, and asked for anew only after that', async () => {
    await parked();
    h.pbx.stalled = true;
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('pbx.timeout');
    expect(h.pbx.actions.at(-1)).toBe('takeBack dial-dial-00000001');
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('pbx.timeout');
    expect(errorOf(await takeUp(second, 'dial-00000002'))).toBe('pbx.timeout');
    h.pbx.goOn();
    await until(() => !h.pbx.lives('dial-dial-00000001'));
    await second.settle();
    expect(errorOf(await takeUp(second, 'dial-00000003'))).toBe('ok');
    expect(h.pbx.originated.map(({ dialId }) => dialId)).toEqual(['dial-00000001', 'dial-00000003']);
  });

  it('is left alone when it is there although nobody said so in time', async () => {
    await parked();
    h.pbx.silent = true;
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('ok');
    expect(h.pbx.lives('dial-dial-00000001')).toBe(true);
  });

  it('is refused in a call, without permission, when nobody waits; and a place cannot be asked', async () => {
    await talk();
    expect(errorOf(await takeUp(second, 'dial-00000001'))).toBe('parking.gone');
    expect(errorOf(await first.command('call.consult', { callId: CALL, target: parking, context }))).toBe('transfer.unknown_target');
    const other = await h.panel({ extension: '1003', permissions: [] });
    expect(errorOf(await takeUp(other, 'dial-00000003'))).toBe('transfer.not_permitted');
  });
});

describe('interrupting the recording', () => {
  it('is refused without permission and where nothing is recorded', async () => {
    await talk();
    expect(errorOf(await first.command('call.pauseRecording', { callId: CALL, paused: true }))).toBe('recording.not_permitted');
    const permitted = await h.panel({ extension: '1001', permissions: ['call.dial', 'call.pause_recording'] });
    expect(errorOf(await permitted.command('call.pauseRecording', { callId: CALL, paused: true }))).toBe('recording.none');
  });

  it('is asked for by a key or by the dialplan as well, and shown', async () => {
    const leg = await talk({ recording: '2026/01/01/hotline-1.1.wav' });
    const asked = (channelId: string, paused: boolean | null): void =>
      h.pbx.emit({ type: 'recording.pauseAsked', channel: h.pbx.refOf(channelId), paused });
    const shown = (paused: boolean): Promise<unknown> =>
      first.event('call.changed', ({ call }) => call.callId === CALL && (call.recordingPaused ?? false) === paused);
    asked(leg, null);
    await shown(true);
    asked(CALL, false);
    await shown(false);
    asked(CALL, true);
    await shown(true);
    expect(h.pbx.actions.filter((action) => action.startsWith('pauseRecording')).map((action) => action.split(' ').at(-1))).toEqual([
      'true',
      'false',
      'true',
    ]);
  });

  it('goes on by itself when a queue gives the call to another agent', async () => {
    const leg = await talk({ recording: '2026/01/01/hotline-1.1.wav' });
    const panel = await h.panel({ extension: '1001', permissions: ['call.transfer', 'call.pause_recording'] });
    expect(errorOf(await panel.command('call.pauseRecording', { callId: CALL, paused: true }))).toBe('ok');
    expect(h.pbx.actions.at(-1)).toMatch(/^pauseRecording PJSIP\/trunk-\w+ true$/);
    await panel.event('call.changed', ({ call }) => call.recordingPaused === true);
    expect(errorOf(await panel.command('call.transfer', { callId: CALL, target: { kind: 'queue', queue: 'hotline' }, context }))).toBe(
      'ok',
    );
    h.clock.advance(10);
    h.pbx.leave(CALL);
    h.pbx.leave(leg);
    h.pbx.end(leg);
    h.clock.advance(10);
    h.pbx.queue(CALL);
    h.pbx.ring(CALL, '1002');
    const { call } = await second.event('call.offered');
    expect(call.recordingPaused).toBeUndefined();
  });
});
