import fs from 'node:fs';
import path from 'node:path';
import type { CallLogRow } from '../../crm-core/contract/calls';
import { readWav, toneShare } from '../support/audio';
import { eventually } from '../support/eventually';
import { callStage } from './call-stage';

jest.setTimeout(60_000);

/** Callers whom nobody answers may leave a message; the row says so, names the file, and what they said is in it. */
describe('real callers who leave a message', () => {
  const stage = callStage({ voicemail: true, queue: { strategy: 'linear', ringSeconds: 2, waitSeconds: 1 } });

  function soundOf({ voicemail }: CallLogRow): { seconds: number; tone: number } {
    const { samples, rateHz } = readWav(fs.readFileSync(path.join(stage.pbx.recordingsDir, voicemail?.file ?? 'none')));
    return { seconds: samples.length / rateHz, tone: toneShare(samples, rateHz, 1_000) };
  }

  test('nobody answers: what they say until they hang up is kept', async () => {
    await stage.caller(6_000);
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({
      direction: 'inbound',
      outcome: 'voicemail',
      exitReason: 'queue_timeout',
      endedBy: 'customer',
      agentExtension: null,
      answeredAt: null,
      recording: null,
      talkMs: 0,
      queueVisits: [{ queue: 'hotline', result: 'left' }],
      legs: [{ role: 'customer', result: 'no_answer' }],
    });
    expect(row.voicemail?.file).toBe(`${row.voicemail?.file.slice(0, 10)}/${row.callId}-message.wav`);
    expect(row.recordings).toEqual([row.voicemail?.file]);
    const { seconds, tone } = soundOf(row);
    expect(Math.abs(seconds * 1_000 - (row.voicemail?.durationMs ?? 0))).toBeLessThan(30);
    expect(seconds).toBeGreaterThan(2);
    expect(tone).toBeGreaterThan(0.5);
  });

  test('a key ends it', async () => {
    await stage.caller(30_000);
    const left = await stage.event('QueueCallerLeave');
    const file = (): string | undefined =>
      fs
        .readdirSync(stage.pbx.recordingsDir, { recursive: true })
        .map(String)
        .find((name) => name.includes(`${left.Uniqueid}-message`));
    await eventually('three seconds of a message', () => {
      const name = file();
      return name !== undefined && fs.statSync(path.join(stage.pbx.recordingsDir, name)).size > 3 * 16_000;
    });
    await stage.ami.action('PlayDTMF', { Channel: left.Channel ?? '', Digit: '#', Duration: '100', Receive: 'true' });
    const row = await stage.feed.row(20_000);
    expect(row).toMatchObject({ outcome: 'voicemail', endedBy: 'system' });
    expect(soundOf(row).seconds).toBeGreaterThan(2.5);
  });

  test('who hangs up at once has left none', async () => {
    await stage.caller(2_600);
    expect(await stage.feed.row(20_000)).toMatchObject({
      outcome: 'no_answer',
      exitReason: 'queue_timeout',
      endedBy: 'customer',
      voicemail: null,
      recordings: [],
    });
  });

  test('while the line is closed', async () => {
    await stage.ami.action('Setvar', { Variable: 'OPEN_HOURS', Value: '00:00-00:01,mon,1,jan' });
    try {
      await stage.caller(5_000);
      const row = await stage.feed.row(20_000);
      expect(row).toMatchObject({ outcome: 'voicemail', exitReason: 'outside_hours', endedBy: 'customer', queueVisits: [] });
      expect(soundOf(row).seconds).toBeGreaterThan(2);
    } finally {
      await stage.ami.action('Setvar', { Variable: 'OPEN_HOURS', Value: '*,*,*,*' });
    }
  });

  test('an agent who answers in time is talked to instead', async () => {
    await stage.agent('1001', 'called-answers', { RING_MS: 100 });
    await stage.caller(2_500);
    expect(await stage.feed.row(20_000)).toMatchObject({ outcome: 'answered', agentExtension: '1001', voicemail: null });
  });
});
