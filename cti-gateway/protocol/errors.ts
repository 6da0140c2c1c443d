import { z } from 'zod';

/** The closed list of reasons a command fails; the panel has words for each, in every language. */
export const ErrorCode = z.enum([
  // the frame itself
  'protocol.malformed', 'protocol.version', 'protocol.too_large', 'protocol.too_many', 'protocol.hello_expected', 'protocol.unknown_type',
  // the session
  'session.ticket_invalid', 'session.ticket_used', 'session.too_many', 'session.no_extension',
  // dialling policy
  'dial.empty', 'dial.invalid_number', 'dial.control_character', 'dial.class_not_allowed', 'dial.not_permitted', 'dial.international_not_permitted', 'dial.rate_limited',
  'dial.already_in_call', 'dial.own_extension',
  // the call
  'call.not_found', 'call.not_yours', 'call.wrong_state', 'call.not_supported',
  // passing on
  'transfer.own_extension', 'transfer.unknown_target', 'transfer.target_busy', 'transfer.no_consult', 'transfer.consulting', 'transfer.customer_gone',
  'transfer.not_taken', 'transfer.not_permitted', 'transfer.target_unreachable', 'transfer.not_answered_yet',
  // parking
  'parking.gone',
  // recording
  'recording.not_permitted', 'recording.none',
  // the telephone system
  'pbx.unavailable', 'pbx.phone_unreachable', 'pbx.timeout', 'pbx.refused',
  'demo.disabled', 'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** WebSocket close codes (RFC 6455 §7.4.2, private range) by reason. */
export const CloseCode = {
  helloTimeout: 4000,
  malformed: 4001,
  version: 4002,
  ticket: 4003,
  slowConsumer: 4004,
  replaced: 4005,
  heartbeat: 4006,
  tooLarge: 4007,
  tooMany: 4008,
  shuttingDown: 1012,
} as const;
