import { FakeAmi } from '../../../../test/fakes/asterisk-ami';
import { FakeAri } from '../../../../test/fakes/asterisk-ari';
import { machineClock, QUICK, recordedLog, until } from '../../../../test/fakes/asterisk-times';
import type { PbxEvent } from '../../domain/call/pbx-event';
import { AsteriskPbx } from './asterisk-pbx';

describe('AsteriskPbx', () => {
  let ami: FakeAmi;
  let ari: FakeAri;
  let pbx: AsteriskPbx;
  let events: PbxEvent[];
  let links: string[];

  beforeEach(async () => {
    ami = await FakeAmi.start();
    ari = await FakeAri.start();
    ami.accounts.set('feed', 'reads');
    events = [];
    links = [];
    pbx = new AsteriskPbx({
      ami: { host: '127.0.0.1', port: ami.port, username: 'gateway', secret: 'right' },
      amiFeed: { host: '127.0.0.1', port: ami.port, username: 'feed', secret: 'reads' },
      ari: { url: ari.url, username: 'gateway', password: 's3cret&/right' },
      clock: machineClock,
      log: recordedLog().log,
      ...QUICK,
      timeoutMs: 1_000,
    });
    pbx.onEvent((event) => events.push(event));
    pbx.onLink((link, state) => links.push(`${link} ${state}`));
    await pbx.start();
    await until('links up', () => pbx.linkState('ami') === 'up' && pbx.linkState('ari') === 'up');
  });

  afterEach(async () => {
    await pbx.close();
    await Promise.all([ami.stop(), ari.stop()]);
  });

  it('has one event session and one for actions', () => {
    expect(ami.actions('Login').map(({ headers }) => [headers['Username'], headers['Events']])).toEqual([['feed', 'on']]);
    expect(ami.actions('login').map(({ headers }) => headers['Username'])).toEqual(['gateway']);
    expect(ami.open).toBe(2);
    expect(ami.listeners).toBe(1);
  });

  it('asks for queue membership by the telephone, under a name that Asterisk can keep', async () => {
    await pbx.addQueueMember('hotline', '1001', '林晓|1; x', true);
    await pbx.pauseQueueMember('1001', false, '小休');
    await pbx.removeQueueMember('hotline', '1001');
    expect(ami.actions('QueueAdd')[0]?.headers).toMatchObject({ Queue: 'hotline', Interface: 'PJSIP/1001', Membername: '林晓 1  x', Paused: 'true' });
    expect(ami.actions('QueuePause')[0]?.headers).toMatchObject({ Interface: 'PJSIP/1001', Paused: 'false', Reason: '小休' });
    expect(ami.actions('QueueRemove')[0]?.headers).toMatchObject({ Queue: 'hotline', Interface: 'PJSIP/1001' });
  });

  it('mutes a channel and plays digits one by one', async () => {
    await pbx.mute('PJSIP/1001-0000002a', true);
    await pbx.mute('PJSIP/1001-0000002a', false);
    await pbx.sendDigits('PJSIP/1001-0000002a', '4#1');
    expect(ami.actions('Setvar').map(({ headers }) => [headers['Channel'], headers['Variable'], headers['Value']])).toEqual([
      ['PJSIP/1001-0000002a', 'MUTEAUDIO(in)', 'on'],
      ['PJSIP/1001-0000002a', 'MUTEAUDIO(in)', 'off'],
    ]);
    expect(ami.actions('PlayDTMF').map(({ headers }) => [headers['Channel'], headers['Digit']])).toEqual([
      ['PJSIP/1001-0000002a', '4'],
      ['PJSIP/1001-0000002a', '#'],
      ['PJSIP/1001-0000002a', '1'],
    ]);
  });

  it('checks every value before anything is sent', async () => {
    const before = ami.received.length;
    const wrong = [
      pbx.addQueueMember('hot\r\nline', '1001', 'x'),
      pbx.addQueueMember('hotline', '1001&PJSIP/1002', 'x'),
      pbx.addQueueMember('hotline', '1001', 'a\nAction: Originate'),
      pbx.removeQueueMember('hotline', ''),
      pbx.pauseQueueMember('1001', true, '\u0000'),
      pbx.mute('PJSIP/1001\r\n', true),
      pbx.sendDigits('PJSIP/1001-1', '12x'),
      pbx.hangup('../applications'),
    ];
    for (const asked of wrong) await expect(asked).rejects.toMatchObject({ reason: 'invalid_value' });
    expect(ami.received.slice(before).filter(({ action }) => action !== 'Ping')).toEqual([]);
  });

  it('keeps events flowing while an action is not answered', async () => {
    ami.ignoredActions.add('QueueAdd');
    const asked = pbx.addQueueMember('hotline', '1001', 'x').catch((error: { reason: string }) => error.reason);
    for (let i = 0; i < 100; i++) {
      ami.emit('Newchannel', { Timestamp: '1795283190.5', Channel: `PJSIP/trunk-${i}`, Uniqueid: `h-${i}`, ChannelStateDesc: 'Ring' });
    }
    await until('all events', () => events.filter(({ type }) => type === 'channel.created').length === 100, 900);
    await expect(asked).resolves.toBe('timeout');
  });

  it('tells the state of its links once per change, the two manager sessions as one', async () => {
    expect(links.filter((link) => link.startsWith('ami'))).toEqual(['ami connecting', 'ami up']);
    await ami.stop();
    await until('link lost', () => pbx.linkState('ami') !== 'up');
    await ami.listen(ami.port);
    await until('link up', () => pbx.linkState('ami') === 'up');
    expect(links.filter((link) => link === 'ami up')).toHaveLength(2);
    for (let i = 1; i < links.length; i++) expect(links[i]).not.toBe(links[i - 1]);
  });

  it('tells nobody who has unsubscribed, and closes twice', async () => {
    const heard: string[] = [];
    const unsubscribe = pbx.onEvent((event) => heard.push(event.type));
    unsubscribe();
    unsubscribe();
    ami.emit('FullyBooted');
    await until('second snapshot', () => events.filter(({ type }) => type === 'resynced').length === 2);
    expect(heard).toEqual([]);
    await Promise.all([pbx.close(), pbx.close()]);
    await until('all closed', () => ami.open === 0 && ari.open === 0);
    await expect(pbx.hangup('1.1')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
