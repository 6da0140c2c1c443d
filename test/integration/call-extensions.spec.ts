import { callStage } from './call-stage';

jest.setTimeout(60_000);

/** Extensions are what stands in `agents.conf`, whatever digits they have, also those that a number outside might begin with. */
describe('agents with extensions of any length', () => {
  const stage = callStage({ extensions: ['2001', '8001', '139001'] });
  /** No call went out to the public network. */
  const stayedInside = () => expect(stage.ami.events.filter((event) => event.Channel?.startsWith('PJSIP/trunk-'))).toEqual([]);
  const dialled = (extension: string) => stage.event('DialBegin', (event) => event.DestChannel?.startsWith(`PJSIP/${extension}-`) === true);

  test('are called from a telephone', async () => {
    stage.ami.events.length = 0;
    const one = await stage.plugIn('2001');
    const other = await stage.plugIn('139001');
    const call = one.dial('139001');
    (await other.ringing()).answer();
    await call;
    await dialled('139001');
    stayedInside();
    await (await call).bye();
    expect(await stage.feed.row()).toMatchObject({
      direction: 'internal',
      agentExtension: '2001',
      remoteNumber: '139001',
      outcome: 'answered',
    });
  });

  test('are called by a click', async () => {
    stage.ami.events.length = 0;
    await stage.desk('2001', 'called-answers');
    await stage.desk('8001', 'called-answers', { HANGUP_MS: 500 });
    await stage.originate('2001', 'click-to-dial', '8001');
    await dialled('8001');
    stayedInside();
    expect(await stage.feed.row()).toMatchObject({
      direction: 'internal',
      agentExtension: '2001',
      remoteNumber: '8001',
      outcome: 'answered',
    });
  });

  test.each(['consult-agent', 'transfer'])('are asked and passed on to (%s)', async (context) => {
    await stage.desk('139001', 'called-answers', { HANGUP_MS: 1_500 });
    const { channel } = await stage.talking();
    const keys = context === 'transfer' ? '*1' : '*2';
    await stage.ami.action('Setvar', { Channel: channel, Variable: 'TRANSFER_CONTEXT', Value: context });
    await stage.ami.action('Setvar', { Channel: channel, Variable: 'TRANSFER_EXTEN', Value: '139001' });
    for (const Digit of keys) await stage.ami.action('PlayDTMF', { Channel: channel, Digit, Receive: 'true' });
    await dialled('139001');
    await stage.state('PJSIP/139001', 'Up');
  });

  test('stay after a reload of the dialplan and of the telephones', async () => {
    for (const command of ['dialplan reload', 'module reload res_pjsip_config_wizard.so', 'pjsip reload']) await stage.pbx.rx(command);
    expect(await stage.pbx.rx('dialplan show 139001@internal')).toContain('agent-extensions');
    expect(await stage.pbx.rx('dialplan show 1001@internal')).not.toContain('agent-extensions');
  });
});
