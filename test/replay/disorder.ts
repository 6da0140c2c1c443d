import fc from 'fast-check';
import { channelsOf, type PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';

/** Asterisk keeps the order within one topic (a channel, a bridge); between topics it takes no more than moments. */
const MOMENT_MS = 50;

/**
 * Another order that Asterisk might have sent: neighbours are exchanged where they are of different topics and of the same moment.
 * `choices` decides; the same choices give the same order.
 */
export function shuffled(events: readonly PbxEvent[], choices: readonly boolean[]): PbxEvent[] {
  const result = [...events];
  let turn = 0;
  for (let pass = 0; pass < 4; pass++) {
    for (let at = 0; at + 1 < result.length; at++) {
      const [first, second] = [result[at] as PbxEvent, result[at + 1] as PbxEvent];
      const exchange = choices[turn++ % choices.length] === true;
      if (exchange && mayExchange(first, second)) [result[at], result[at + 1]] = [second, first];
    }
  }
  return result;
}

/** Events told a second time, up to `later` events after the first. */
export function repeated(events: readonly PbxEvent[], echoes: readonly { readonly at: number; readonly later: number }[]): PbxEvent[] {
  const result = events.map((event, index) => ({ event, place: index }));
  for (const { at, later } of echoes) {
    const index = at % Math.max(1, events.length);
    const event = events[index];
    if (event !== undefined) result.push({ event, place: index + later + 0.5 });
  }
  return result.sort((a, b) => a.place - b.place).map(({ event }) => event);
}

export const anyOrder = fc.array(fc.boolean(), { minLength: 8, maxLength: 64 });
export const anyEchoes = fc.array(fc.record({ at: fc.nat(500), later: fc.nat(200) }), { maxLength: 20 });

function mayExchange(first: PbxEvent, second: PbxEvent): boolean {
  if (Math.abs(first.atMs - second.atMs) > MOMENT_MS || shareBridge(first, second)) return false;
  if (!shareChannel(first, second)) return true;
  // One thread leaves the bridge and then ends the channel; only what others say of it may come in between.
  const types = [first.type, second.type];
  return topicOf(first) !== topicOf(second) && !(types.includes('channel.ended') && types.includes('bridge.left'));
}

function shareBridge(first: PbxEvent, second: PbxEvent): boolean {
  return 'bridgeId' in first && 'bridgeId' in second && first.bridgeId === second.bridgeId;
}

function topicOf(event: PbxEvent): string {
  return event.type.split('.')[0] ?? '';
}

function shareChannel(first: PbxEvent, second: PbxEvent): boolean {
  const channels = new Set(channelsOf(first).map((channel) => channel.channelId));
  return channelsOf(second).some((channel) => channels.has(channel.channelId));
}
