import { z } from 'zod';

/** Version of the wire between gateway and panel. A hello with another major version is refused. */
export const PROTOCOL_VERSION = 1;

/** Time on the wire: UTC, ISO 8601, milliseconds. */
export const Timestamp = z.iso.datetime({ offset: false });

/** Identifier chosen by the panel (command id, dial id, tab id). Also the idempotency key of a command. */
export const ClientId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** Asterisk's Uniqueid of the first channel of a call, or the ChannelId given to an originate. */
export const CallId = z.string().min(1).max(150).regex(/^[\x21-\x7e]+$/);
