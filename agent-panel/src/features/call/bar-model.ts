import { consulting, ended, wrappingUp, ringing, ringingOut, talking } from './bar-call-states';
import { connecting, lost, microphoneRefused, refused, registering } from './bar-line-states';
import { PAUSE_ICONS, QUIET, agentZone, disc, queueDetail } from './bar-parts';
import type { BarInput, BarModel } from './bar-types';

/** A cut of less than this is not shown: a resumed connection is no news. */
const GRACE_MS = 1_200;

function idle(input: BarInput): BarModel {
  const elsewhere = input.browserPhone && !input.ownsPhone;
  const agent = agentZone(input, null);
  switch (input.presence.state) {
    case 'offline':
      return {
        ...QUIET,
        state: 'offline',
        tint: 'none',
        disc: disc('', 'phone'),
        agent,
        title: { key: 'bar.notSignedIn' },
        detail: [{ key: 'bar.notSignedInDetail' }],
        main: { action: 'sign-in', label: 'bar.signIn', tone: 'primary' },
      };
    case 'paused':
      return {
        ...QUIET,
        state: 'paused',
        tint: 'none',
        agent,
        disc: disc('', PAUSE_ICONS[input.presence.reasons[0] ?? 'break']),
        title: { key: 'bar.paused' },
        detail: input.presence.reasons.includes('ring_no_answer')
          ? [{ key: 'bar.pausedNoAnswer' }]
          : input.presence.reasons.includes('declined')
            ? [{ key: 'bar.pausedDeclined' }]
            : [...queueDetail(input.queues), { key: 'bar.noCallsNow' }],
        main: { action: 'ready', label: 'bar.goReady', tone: 'primary' },
      };
    case 'ready':
      return {
        ...QUIET,
        state: 'ready',
        tint: 'none',
        disc: disc('', 'phone'),
        agent,
        title: { key: 'bar.waiting' },
        detail: elsewhere
          ? [{ key: 'bar.phoneElsewhere' }]
          : [...queueDetail(input.queues), ...(input.wrapUp === null ? [] : [{ key: 'bar.recordOpen' }])],
        ...(elsewhere ? { main: { action: 'bring-here', label: 'bar.bringHere', tone: 'primary' } as const } : {}),
      };
  }
}

/**
 * Everything the call bar shows, from everything that is known; pure. Whichever comes first in this order is shown:
 * refused, not connected yet, lost, ringing or talking, wrap-up, then the agent's own state with what stands in its way.
 */
export function barModel(input: BarInput): BarModel {
  const { connection, call } = input;
  if (connection.name === 'refused') return refused(input, connection.reason);
  if (connection.name === 'open' && input.extension === null) return refused(input, 'no_extension');
  if (!input.everOpen) return connecting('attempt' in connection ? connection.attempt : 1);
  const cutForMs = input.lostSinceMs === null ? 0 : input.nowMs - input.lostSinceMs;
  if (connection.name !== 'open' && cutForMs > GRACE_MS) return lost(input);
  if (call !== null) {
    switch (call.state) {
      case 'alerting':
        return ringing(input, call);
      case 'initiated':
      case 'delivered':
        return ringingOut(input, call);
      case 'connected':
      case 'hold':
        return call.consult == null ? talking(input, call) : consulting(input, call, call.consult);
      case 'ended':
        break;
    }
  }
  if (input.dialSinceMs !== null) return ringingOut(input, null);
  if (input.afterCall.wrapUp !== null) return wrappingUp(input, input.afterCall.wrapUp);
  // Where the gateway gives time, it also ends it: then calls come, whatever is still to be written.
  if (input.wrapUp !== null && !(input.wrapUpGiven && input.presence.state !== 'offline')) return ended(input, input.wrapUp);
  if (input.presence.state !== 'offline' && input.browserPhone) {
    if (input.microphone.startsWith('microphone_')) return microphoneRefused(input);
    if (input.ownsPhone && input.registration !== null && input.registration.state !== 'registered') return registering(input);
  }
  return idle(input);
}
