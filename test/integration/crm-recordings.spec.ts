import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AuditPage } from '../../crm-core/contract/audit';
import { CallLogEntry } from '../../crm-core/contract/calls';
import { MissedCallDetail, MissedCallPage } from '../../crm-core/contract/missed-calls';
import type { CrmClient } from './crm-test-client';
import { callRow } from './crm-samples';
import { TestServer } from './crm-server';

const SOUND = 'RIFF' + 'x'.repeat(2_000);

describe('recordings', () => {
  let server: TestServer;
  let folder: string;
  let agent: CrmClient;
  let supervisor: CrmClient;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hotline-recordings-'));
    fs.mkdirSync(path.join(folder, 'monitor/2026/03'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'monitor/2026/03/first.wav'), SOUND);
    fs.writeFileSync(path.join(folder, 'monitor/2026/03/second.wav'), SOUND.toUpperCase());
    fs.writeFileSync(path.join(folder, 'monitor/secret.conf'), 'secret');
    fs.writeFileSync(path.join(folder, 'above.wav'), 'secret');
    server = await TestServer.start({ env: { HOTLINE_RECORDINGS_DIR: path.join(folder, 'monitor') } });
    [agent, supervisor] = [await server.signedIn('1001'), await server.signedIn('zhuguan')];
  });
  afterAll(async () => {
    await server.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const put = async (callId: string, recordings: string[], agentExtension = '1001', changes = {}) =>
    server.gateway().put(`/calls/${callId}`, callRow(callId, { recording: recordings[0] ?? null, recordings, agentExtension, ...changes }));
  const listen = (client: CrmClient, at: string, headers: Record<string, string> = {}) =>
    client.send('GET', `/calls/${at}`, undefined, headers);
  const audited = async (callId: string) => (await supervisor.get('/audit', { subject: `call:${callId}` })).as(AuditPage).items;

  it('are sent whole or in ranges, each file of the call, kept by nobody on the way', async () => {
    await put('heard-1', ['2026/03/first.wav', '2026/03/second.wav']);
    const whole = await listen(supervisor, 'heard-1/recordings/0');
    expect([whole.status, whole.text, whole.headers.get('content-type')]).toEqual([200, SOUND, 'audio/wav']);
    expect([whole.headers.get('accept-ranges'), whole.headers.get('cache-control')]).toEqual(['bytes', 'private, no-store']);
    const part = await listen(supervisor, 'heard-1/recordings/1', { range: 'bytes=0-3' });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, 'RIFF', `bytes 0-3/${SOUND.length}`]);
    expect((await listen(supervisor, 'heard-1/recordings/0', { range: 'bytes=999999-' })).status).toBe(416);
  });

  it('are heard by whoever picked that call up, and by supervisors', async () => {
    await put('heard-2', ['2026/03/first.wav'], '1002', {
      legs: callRow('heard-2', { agentExtension: '1002' }).legs.flatMap((leg) => [
        leg,
        { ...leg, channelId: 'rung', endpoint: 'PJSIP/1001', extension: '1001', answeredAt: null, talkMs: 0, result: 'no_answer' as const },
      ]),
    });
    const refused = await listen(agent, 'heard-2/recordings/0');
    expect([refused.status, refused.error.code]).toEqual([403, 'forbidden']);
    expect((await agent.get('/calls/heard-2')).status).toBe(200);
    const other = await server.signedIn('1002');
    expect((await listen(other, 'heard-2/recordings/0')).status).toBe(200);
    await put('heard-3', ['2026/03/first.wav'], '1002');
    expect((await listen(agent, 'heard-3/recordings/0')).status).toBe(404);
    expect((await listen(server.client(), 'heard-3/recordings/0')).status).toBe(401);
    expect((await listen(server.gateway(), 'heard-3/recordings/0')).status).toBe(403);
  });

  it('are a message left, which whoever calls back those who were not served hears, listed with the try', async () => {
    const [file, talk] = ['2026/03/second.wav', '2026/03/first.wav'];
    const left = { outcome: 'voicemail', answeredAt: null, legs: [], recording: null, exitReason: 'queue_timeout' };
    const changes = { ...left, remoteNumber: '13700000077', voicemail: { file, durationMs: 7_000 } };
    expect((await put('heard-7', [talk, file], undefined, { ...changes, agentExtension: null })).status).toBe(201);
    const row = (await supervisor.get('/calls/heard-7')).as(CallLogEntry);
    expect(row).toMatchObject({ outcome: 'voicemail', exitReason: 'queue_timeout', voicemail: { file, durationMs: 7_000 } });
    expect((await listen(agent, 'heard-7/recordings/1')).text).toBe(SOUND.toUpperCase());
    // Not the other files of that call.
    expect((await listen(agent, 'heard-7/recordings/0')).status).toBe(404);
    expect(await audited('heard-7')).toMatchObject([{ action: 'recording.listened', by: '林晓', after: { file } }]);
    const entries = (await agent.get('/missed-calls')).as(MissedCallPage).items;
    const entry = entries.find(({ remoteNumber }) => remoteNumber === '13700000077');
    expect(entry).toMatchObject({ reason: 'voicemail' });
    const detail = (await agent.get(`/missed-calls/${entry?.missedCallId}`)).as(MissedCallDetail);
    expect(detail.calls).toMatchObject([{ callId: 'heard-7', reason: 'voicemail', voicemail: { index: 1, durationMs: 7_000 } }]);
  });

  it('are on the audit once for each listening', async () => {
    await put('heard-4', ['2026/03/first.wav']);
    for (const range of ['bytes=0-9', 'bytes=10-19', 'bytes=0-']) await listen(agent, 'heard-4/recordings/0', { range });
    expect(await audited('heard-4')).toMatchObject([{ action: 'recording.listened', by: '林晓', after: { file: '2026/03/first.wav' } }]);
    server.setClock(new Date(Date.now() + 3_600_000));
    await listen(agent, 'heard-4/recordings/0');
    server.setClock(null);
    expect(await audited('heard-4')).toHaveLength(2);
  });

  it.each([
    ['a file that is gone', ['2026/03/gone.wav']],
    ['a file above the folder', ['../above.wav']],
    ['a file above the folder, from its root', ['/../above.wav']],
    ['what is no audio', ['secret.conf']],
    ['a folder', ['2026']],
    ['nothing', []],
  ])('are not %s', async (_what, recordings) => {
    await put('heard-5', recordings);
    const answer = await listen(supervisor, 'heard-5/recordings/0');
    expect([answer.status, answer.error.code]).toEqual([404, 'not_found']);
    expect(answer.text).not.toContain('secret');
  });

  it('are not there where no folder is named', async () => {
    const bare = await TestServer.start();
    await bare.gateway().put('/calls/heard-6', callRow('heard-6'));
    expect((await listen(await bare.signedIn('zhuguan'), 'heard-6/recordings/0')).status).toBe(404);
    await bare.dispose();
  });
});
