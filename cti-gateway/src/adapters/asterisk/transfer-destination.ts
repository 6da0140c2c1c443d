import type { ConsultStep, PbxTarget } from '../../ports/pbx';
import { check } from './link/checked-values';

/** Where the dialplan takes a target (dialplans/extensions.d/transfer.conf, consult.conf). */
export interface Destination {
  readonly transferContext: string;
  /** Null: cannot be asked. */
  readonly consultContext: string | null;
  readonly exten: string;
}

/** Where keys pressed on an agent's telephone may lead (dialplans/extensions.d/lines.conf, outbound.conf). */
export const CONTEXT_OF_KEYS = 'transfer';

/** Begins a consultation with what the variables TRANSFER_CONTEXT and TRANSFER_EXTEN (18.12 and later) say. */
export const KEY_TO_CONSULT = '*2';

/** The keys of dialplans/features.conf: to Asterisk every step of an attended transfer is a key on the agent's channel. */
export const KEYS_OF_CONSULT: Readonly<Record<ConsultStep, string>> = { cancel: '*3', complete: '*4', swap: '*6', conference: '*7' };

/** @throws PbxError `invalid_value` for what the dialplan has no pattern for, or what could end up somewhere else. */
export function destinationOf(target: PbxTarget): Destination {
  switch (target.kind) {
    case 'agent':
      return checked({ transferContext: CONTEXT_OF_KEYS, consultContext: 'consult-agent', exten: target.extension }, /^\d{2,10}$/);
    case 'queue':
      return checked({ transferContext: 'transfer-to-queue', consultContext: null, exten: target.queue }, /^[a-z][a-z0-9_-]{0,31}$/);
    case 'number':
      return checked({ transferContext: 'transfer-outside', consultContext: 'consult-outside', exten: target.number }, /^\d{2,32}$/);
  }
}

function checked(destination: Destination, allowed: RegExp): Destination {
  check('target', destination.exten, allowed);
  return destination;
}
