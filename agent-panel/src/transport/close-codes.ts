import { CloseCode, type ErrorCode } from '../../../cti-gateway/protocol';
import type { DropReason, RefusalReason } from './cti-types';

/** What to do after a connection ended. */
export type CloseVerdict =
  { readonly next: 'retry'; readonly reason: DropReason } | { readonly next: 'stop'; readonly reason: RefusalReason };

const retry = (reason: DropReason): CloseVerdict => ({ next: 'retry', reason });
const stop = (reason: RefusalReason): CloseVerdict => ({ next: 'stop', reason });

/** Close codes of the gateway (RFC 6455 §7.4.2, private range). Every retry uses a new ticket. */
const byCode: ReadonlyMap<number, CloseVerdict> = new Map([
  [CloseCode.helloTimeout, retry('timeout')],
  [CloseCode.malformed, retry('protocol')],
  [CloseCode.version, stop('version')],
  [CloseCode.ticket, retry('ticket_rejected')],
  [CloseCode.slowConsumer, retry('too_slow')],
  [CloseCode.replaced, stop('replaced')],
  [CloseCode.heartbeat, retry('silent')],
  [CloseCode.tooLarge, retry('protocol')],
  [CloseCode.tooMany, stop('too_many')],
  [CloseCode.shuttingDown, retry('gateway_stopped')],
]);

export function verdictOfClose(code: number): CloseVerdict {
  return byCode.get(code) ?? retry('unreachable');
}

/** What a refused hello means. Codes that are no business of a hello count as a protocol fault. */
export function verdictOfHelloError(code: ErrorCode): CloseVerdict {
  switch (code) {
    case 'protocol.version':
      return stop('version');
    case 'session.too_many':
      return stop('too_many');
    case 'session.no_extension':
      return stop('no_extension');
    case 'session.ticket_invalid':
    case 'session.ticket_used':
      return retry('ticket_rejected');
    default:
      return retry('protocol');
  }
}
