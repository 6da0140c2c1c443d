import type { ChannelRef } from './pbx-event';

/** Which channels are telephones, and whose. */
export interface CallModelConfig {
  /** Endpoints of trunks as in channel names, with or without technology: `trunk`, `PJSIP/trunk`. */
  readonly trunkEndpoints: readonly string[];
  /** An endpoint that matches as a whole is an agent's extension, e.g. `/^\d{3,6}$/`. */
  readonly agentExtension: RegExp;
}

export type ChannelClass =
  | { readonly kind: 'leg'; readonly role: 'customer' | 'agent'; readonly endpoint: string; readonly extension: string | null }
  | { readonly kind: 'helper' };

/** Technologies whose channels are ends inside Asterisk, not telephones. */
const HELPERS: ReadonlySet<string> = new Set([
  'Local',
  'Snoop',
  'Message',
  'Announcer',
  'Recorder',
  'CBAnn',
  'CBRec',
  'Surrogate',
  'Bridge',
  'AsyncGoto',
  'Parked',
  'Null',
  'Test',
  'UnicastRTP',
  'MulticastRTP',
  'AudioSocket',
  'WebSocket',
]);

/**
 * `PJSIP/1001-0000002a` is the endpoint `PJSIP/1001`: all but the last dash, compared as a whole and never by prefix.
 * Whatever is neither trunk nor extension is somebody outside, hence a customer.
 */
export function classifyChannel(channelName: string, config: CallModelConfig): ChannelClass {
  const slash = channelName.indexOf('/');
  const technology = channelName.slice(0, Math.max(slash, 0));
  if (slash <= 0 || HELPERS.has(technology)) return { kind: 'helper' };
  const endpoint = endpointOf(channelName);
  const name = endpoint.slice(slash + 1);
  const trunk = config.trunkEndpoints.some((trunkEndpoint) => trunkEndpoint === name || trunkEndpoint === endpoint);
  if (!trunk && isExtension(name, config)) return { kind: 'leg', role: 'agent', endpoint, extension: name };
  return { kind: 'leg', role: 'customer', endpoint, extension: null };
}

/**
 * The extension that a telephone calls to take its own call over (RFC 3891 `Replaces`; dialplans/extensions.d/features.conf). In talk, its
 * new channel takes the old one's place in the bridge. Before that, Asterisk moves the old channel's position, variables and all to the
 * new one, and it is the old one that ends with this extension (22.10).
 */
const TAKE_OVER_EXTENSION = 'resume';

export function isTakeOverExtension(channel: ChannelRef): boolean {
  return channel.exten === TAKE_OVER_EXTENSION;
}

/** A channel that has just called that extension: still with a Linkedid of its own, it says nothing about any call. */
export function isTakingOver(channel: ChannelRef): boolean {
  return isTakeOverExtension(channel) && channel.linkedId === channel.channelId;
}

/** One half of a pair by which Asterisk joins two bridges. */
export function isLocalChannel(channelName: string): boolean {
  return channelName.startsWith('Local/');
}

/** What both halves have in common: `Local/1002@internal-00000003` of `Local/1002@internal-00000003;2`. */
export function localPairOf(channelName: string): string {
  return channelName.replace(/;[12]$/, '');
}

export function endpointOf(channelName: string): string {
  const dash = channelName.lastIndexOf('-');
  return dash > channelName.indexOf('/') ? channelName.slice(0, dash) : channelName;
}

export function isExtension(name: string, config: CallModelConfig): boolean {
  return config.agentExtension.exec(name)?.[0] === name;
}
