import { ManualClock } from '../transport/testing/manual-clock';
import { hurryGathering } from './ice-gathering';
import type { SipSession } from './sip-ua';
import { FakeSession } from './testing/fake-sip';

const HOST = 'candidate:1 1 udp 2122 192.168.1.5 5000 typ host';
const REFLEXIVE = 'candidate:2 1 udp 1685 203.0.113.7 5000 typ srflx raddr 192.168.1.5 rport 5000';

function gathering(iceServers: readonly unknown[]) {
  const clock = new ManualClock();
  const session = new FakeSession('incoming', { display_name: null, uri: { user: '1' } });
  hurryGathering(session as SipSession, iceServers, clock);
  const ready = jest.fn();
  return { clock, ready, found: (candidate: string) => session.emitter.emit('icecandidate', { candidate: { candidate }, ready }) };
}

describe('gathering ICE candidates', () => {
  it('is over soon after the first host candidate where there are no servers', async () => {
    const { clock, ready, found } = gathering([]);
    found(HOST);
    await clock.advance(79);
    expect(ready).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('waits for a server’s candidate where there are servers, but not for ever', async () => {
    const patient = gathering([{ urls: 'stun:203.0.113.1' }]);
    patient.found(HOST);
    await patient.clock.advance(1_199);
    expect(patient.ready).not.toHaveBeenCalled();
    await patient.clock.advance(1);
    expect(patient.ready).toHaveBeenCalledTimes(1);
    const lucky = gathering([{ urls: 'stun:203.0.113.1' }]);
    lucky.found(HOST);
    lucky.found(REFLEXIVE);
    await lucky.clock.advance(80);
    expect(lucky.ready).toHaveBeenCalledTimes(1);
  });

  it('ends once, whatever is found later, and leaves no timer', async () => {
    const { clock, ready, found } = gathering([]);
    for (let i = 0; i < 5; i++) found(HOST);
    await clock.advance(5_000);
    found(HOST);
    expect(ready).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
  });
});
