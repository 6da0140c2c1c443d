import type { Permission } from '../../../../crm-core/contract';
import { i18n } from '../../i18n';
import { loggedCall } from '../../test-support/examples';
import { settle } from '../../test-support/fakes';
import { mountPage } from '../../test-support/mount-page';
import CallDetail from './CallDetail.vue';
import { LoggedCall } from './calls.api';

async function show(
  call: LoggedCall,
  { permissions = ['recording.listen_all'], extension = '1001' }: { permissions?: Permission[]; extension?: string } = {},
) {
  const { page } = await mountPage(CallDetail, { user: { extension, permissions: [...permissions, 'number.view_full'] }, props: { call } });
  const texts = (test: string) => page.findAll(`[data-test="${test}"]`).map((one) => one.text().replace(/\s+/g, ' '));
  return { page, texts };
}

afterEach(() => void (i18n.global.locale.value = 'zh-CN'));

describe('a call’s details', () => {
  it('say in Chinese what happened, by name', async () => {
    const { texts, page } = await show(loggedCall());
    const entries = texts('timeline-entry').map((text) => text.replace(/^[\d:]+ ?/, ''));
    expect(entries[0]).toBe('来电，打入 020-6666 8888139 1234 5678 · WU');
    expect(entries[3]).toContain('何静 1002拒接');
    expect(entries[3]).toContain('对方拒接（21）');
    expect(entries[5]).toBe('林晓 1001 询问后转接给 郑凯 1003对方接听');
    expect(entries[7]).toBe('郑凯 1003 直接转接给 020-8888 0001已回到原坐席');
    expect(entries[9]).toBe('郑凯 1003 把客户停泊在 701已取回停泊 00:22 · 林晓 1001 取回');
    expect(entries[10]).toBe('客户挂断正常挂断（16）');
    expect(texts('call-talk')).toEqual(['林晓 1001 02:20 · 保持 00:20', '郑凯 1003 03:10 · 保持 00:21']);
    expect(page.text()).toContain('三方或多方通话过');
    expect(page.text()).toContain('c1, c1.9');
  });

  it('say it in English', async () => {
    i18n.global.locale.value = 'en';
    const { texts } = await show(loggedCall());
    expect(texts('timeline-entry')[5]).toContain('林晓 1001 asked 郑凯 1003 and transferred');
    expect(texts('timeline-entry')[10]).toContain('Normal hang-up (16)');
  });

  it('say that figures are not certain, and why', async () => {
    const gap = await show(loggedCall({ complete: false }));
    expect(gap.page.find('[data-test="call-incomplete"]').exists()).toBe(true);
    expect(gap.texts('call-facts')[0]).toContain('≈ 05:30');
    const rebuilt = await show(loggedCall({ complete: false, source: 'cel' }));
    expect(rebuilt.page.find('[data-test="call-rebuilt"]').text()).toContain('CEL');
    expect((await show(loggedCall())).page.text()).not.toContain('≈');
  });

  it('have a word for what this page has never heard of', async () => {
    const { legs, transfers, queueVisits, parkings } = loggedCall();
    const strange = LoggedCall.parse({
      ...loggedCall(),
      ...{ outcome: 'voicemail', exitReason: 'voicemail', endedBy: 'robot', source: 'elsewhere', cause: 99 },
      legs: legs.map((leg) => ({ ...leg, result: 'left_a_message' })),
      transfers: transfers.map((one) => ({ ...one, kind: 'redirect', result: 'voicemail' })),
      queueVisits: queueVisits.map((one) => ({ ...one, result: 'key_pressed' })),
      parkings: parkings.map((one) => ({ ...one, result: 'forgotten' })),
      somethingNew: { of: 'tomorrow' },
    });
    const { texts } = await show(strange);
    expect(texts('timeline-entry')[5]).toContain('林晓 1001 转接给 郑凯 1003其他');
    expect(texts('timeline-entry')[10]).toContain('其他原因（99）');
    expect(texts('timeline-entry').join()).not.toMatch(
      /\b(?:outcome|cause|endedBy|callExit|callTransfer|transferResult|queueResult|parkingResult)\./,
    );
  });

  it('leave the result of the call to the one that was called when an agent dialled', async () => {
    const { legs } = loggedCall();
    const [own, customer] = [legs[3], legs[5]];
    if (own === undefined || customer === undefined) throw new Error('no legs');
    const call = loggedCall({
      direction: 'outbound',
      outcome: 'busy',
      legs: [{ ...own, talkMs: 0, result: 'busy' }, customer],
      queueVisits: [],
      transfers: [],
      parkings: [],
    });
    const { texts } = await show(call);
    expect(texts('timeline-entry')[0]).toContain('林晓 1001 拨出');
    expect(texts('timeline-entry')[1]).not.toContain('忙');
    expect(texts('timeline-entry')[2]).toMatch(/客户 139 1234 5678忙.*对方忙（17）/);
  });
});

describe('a call’s recordings', () => {
  it('are there for supervisors, and for whoever picked the call up', async () => {
    expect((await show(loggedCall())).texts('recording')).toHaveLength(2);
    expect((await show(loggedCall(), { permissions: ['recording.listen_own'], extension: '1003' })).texts('recording')).toHaveLength(2);
    const rung = await show(loggedCall(), { permissions: ['recording.listen_own'], extension: '1002' });
    expect([rung.texts('recording').length, rung.page.text()]).toEqual([0, expect.stringContaining('您没有收听它的权限')]);
  });

  it('are a message too, for whoever calls back those who were not served', async () => {
    const call = loggedCall({
      outcome: 'voicemail',
      answeredAt: null,
      legs: [],
      recording: null,
      recordings: ['m.wav'],
      voicemail: { file: 'm.wav', durationMs: 7_000 },
    });
    const agent = await show(call, { permissions: ['recording.listen_own', 'missed.view'], extension: '1002' });
    expect([agent.texts('recording').length, agent.page.text()]).toEqual([1, expect.stringContaining('来电人的语音留言')]);
    const other = await show(call, { permissions: ['recording.listen_own'], extension: '1002' });
    expect([other.texts('recording').length, other.page.text()]).toEqual([0, expect.stringContaining('您没有收听它的权限')]);
  });

  it('are asked for when somebody presses play, and not before', async () => {
    const play = jest.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
    jest.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => {});
    const { page } = await show(loggedCall());
    const second = page.findAll('[data-test="recording"]')[1];
    const sound = second?.find('audio').element as HTMLAudioElement;
    expect(sound.getAttribute('src')).toBeNull();
    await second?.find('[data-test="recording-play"]').trigger('click');
    expect(sound.getAttribute('src')).toBe('/api/v1/calls/c1/recordings/1');
    expect(play).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });

  it('say why they cannot be played', async () => {
    const { fetch } = globalThis;
    jest.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValue(new Error('no'));
    jest.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => {});
    for (const [status, words] of [
      [404, '没有这个录音文件'],
      [403, '没有收听这段录音的权限'],
      [500, '请稍后重试'],
    ] as const) {
      globalThis.fetch = jest.fn().mockResolvedValue({ status });
      const { page } = await show(loggedCall());
      const first = page.find('[data-test="recording"]');
      await first.find('[data-test="recording-play"]').trigger('click');
      await first.find('audio').trigger('error');
      await settle();
      expect(first.find('[data-test="recording-said"]').text()).toContain(words);
    }
    globalThis.fetch = fetch;
    jest.restoreAllMocks();
  });
});
