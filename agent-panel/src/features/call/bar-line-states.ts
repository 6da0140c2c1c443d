import { NONE, QUIET, agentZone, disc, timeOf } from './bar-parts';
import type { BarInput, BarModel } from './bar-types';

export function refused(input: BarInput, reason: string): BarModel {
  const again = reason === 'version' ? 'bar.reload' : 'bar.connect';
  return {
    ...QUIET,
    state: 'offline',
    tint: reason === 'no_extension' ? 'none' : 'red',
    disc: disc(reason === 'no_extension' ? '' : 'red', reason === 'no_extension' ? 'phone' : 'wifioff'),
    agent: agentZone({ ...input, presence: { state: 'offline' } }, null),
    title: { key: `refusal.${reason}.title` },
    detail: [{ key: `refusal.${reason}.detail` }],
    main: reason === 'no_extension' ? NONE : { action: 'reconnect', label: again, tone: 'primary' },
  };
}

export function connecting(attempt: number): BarModel {
  return {
    ...QUIET,
    state: 'connecting',
    tint: 'none',
    disc: disc('', 'refresh'),
    agent: { dot: 'off', title: { key: 'presence.offline' }, detail: { key: 'presence.connecting' }, sinceMs: null },
    title: attempt > 1 ? { key: 'bar.connectingAgain', params: { attempt } } : { key: 'bar.connecting' },
    detail: [{ key: 'bar.connectingDetail' }],
  };
}

export function lost(input: BarInput): BarModel {
  const state = input.connection;
  const call = input.call;
  const talkedSince = call === null ? null : timeOf(call.answeredAt);
  const seconds = state.name === 'waiting' ? Math.max(0, Math.ceil((state.retryAtMs - input.nowMs) / 1000)) : 0;
  return {
    ...QUIET,
    state: 'lost',
    tint: 'red',
    disc: disc('red', 'wifioff'),
    agent: {
      dot: 'lost',
      title: { key: call === null ? 'presence.unknown' : 'presence.working' },
      detail: { key: 'presence.stateUnknown' },
      sinceMs: null,
    },
    title: { key: call === null ? 'bar.lost' : 'bar.lostInCall' },
    detail: [
      { key: 'bar.lastCertain' },
      seconds > 0 ? { key: 'bar.retryIn', params: { seconds } } : { key: 'bar.retrying' },
      { key: 'bar.textSafe' },
    ],
    timer: talkedSince === null ? null : { sinceMs: talkedSince, frozenAtMs: input.lostSinceMs, label: 'bar.untilLost' },
    main: { action: 'reconnect', label: 'bar.connect', tone: 'primary' },
  };
}

export function microphoneRefused(input: BarInput): BarModel {
  return {
    ...QUIET,
    state: 'mic-refused',
    tint: 'red',
    disc: disc('red', 'micoff'),
    agent: { ...agentZone(input, null), dot: 'lost', detail: { key: 'presence.cannotAnswer' }, sinceMs: null },
    title: { key: `microphone.${input.microphone}.title` },
    detail: [{ key: `microphone.${input.microphone}.detail` }],
    main: { action: 'retry-mic', label: 'bar.retry', tone: 'primary' },
  };
}

export function registering(input: BarInput): BarModel {
  const failed = input.registration?.state === 'failed' ? input.registration.reason : null;
  return {
    ...connecting(1),
    agent: agentZone(input, null),
    disc: disc(failed === null ? '' : 'red', failed === null ? 'refresh' : 'wifioff'),
    title: { key: failed === null ? 'bar.registering' : 'bar.registrationFailed', params: { extension: input.extension ?? '' } },
    detail: [{ key: failed === null ? 'bar.registeringDetail' : `registration.${failed}` }],
  };
}
