import type { Consult } from '../../protocol';
import type { Call, Leg } from '../domain/call/call';

/** An agent who asks somebody before passing the call on, as Asterisk's events tell it: by whatever hand it was begun. */
export interface ConsultPart {
  /** The agent's own channel. */
  readonly own: Leg;
  /** The one who is asked. */
  readonly target: Leg;
  readonly state: Consult['state'];
}

/** @returns null when this agent asks nobody. */
export function consultPart(call: Call, extension: string): ConsultPart | null {
  const own = call.legs.findLast((leg) => leg.extension === extension && leg.endedAtMs === null);
  if (own === undefined) return null;
  const channels = channelsOfTalk(call, own);
  const target = call.legs.findLast((leg) => leg.endedAtMs === null && leg.consultedBy !== null && channels.has(leg.consultedBy));
  return target === undefined ? null : { own, target, state: stateOf(call, own, target) };
}

function stateOf(call: Call, own: Leg, target: Leg): Consult['state'] {
  if (target.answeredAtMs === null) return 'calling';
  const others = call.legs.filter((leg) => leg !== own && leg !== target && leg.endedAtMs === null).map((leg) => leg.channelId);
  const talksWith = ({ talkingTo, awayFrom }: Leg): boolean =>
    others.some((channelId) => talkingTo.includes(channelId) && !awayFrom.includes(channelId));
  if (!talksWith(own)) return 'target';
  return talksWith(target) ? 'conference' : 'customer';
}

/** A panel that was loaded again goes on in another channel of the same talk. */
function channelsOfTalk(call: Call, own: Leg): ReadonlySet<string> {
  const channels = new Set<string>();
  const add = (channelId: string | null): void => {
    if (channelId === null || channels.has(channelId)) return;
    channels.add(channelId);
    add(call.legs.find((leg) => leg.channelId === channelId)?.continues ?? null);
  };
  add(own.channelId);
  return channels;
}
