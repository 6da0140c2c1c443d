import type { ChannelRef, DialplanVariables } from '../../domain/call/pbx-event';
import type { AmiMessage } from './ami-reader';
import { channelState } from './pbx-events-words';

/** Where the headers of a channel stand: `Channel`, `DestChannel`, and in transfers `TransfererChannel` and the like. */
export type ChannelPrefix =
  | ''
  | 'Dest'
  | 'Transferer'
  | 'Transferee'
  | 'OrigTransferer'
  | 'SecondTransferer'
  | 'TransferTarget'
  | 'LocalOne'
  | 'LocalTwo'
  | 'Parkee'
  | 'Retriever';

interface HeaderNames {
  readonly channel: string;
  readonly uniqueId: string;
  readonly linkedId: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly connectedNumber: string;
  readonly exten: string;
  readonly context: string;
  readonly state: string;
  readonly variable: string;
}

const headerNames = new Map<ChannelPrefix, HeaderNames>();

/**
 * The channel an event speaks of.
 *
 * @returns null when the event has no such channel (a click's DialBegin has only the `Dest` one).
 */
export function channelRefOf(message: AmiMessage, prefix: ChannelPrefix): ChannelRef | null {
  const names = namesOf(prefix);
  const channelName = message.get(names.channel);
  const channelId = message.get(names.uniqueId);
  if (channelName === undefined || channelId === undefined || channelId === '') return null;
  const state = message.get(names.state);
  return {
    channelId,
    linkedId: message.get(names.linkedId) || channelId,
    channelName,
    callerNumber: known(message.get(names.callerNumber)),
    callerName: known(message.get(names.callerName)),
    connectedNumber: known(message.get(names.connectedNumber)),
    exten: known(message.get(names.exten)),
    context: known(message.get(names.context)),
    variables: variablesOf(message.getAll(names.variable)),
    ...(state === undefined ? {} : { state: channelState(state) }),
  };
}

/** Asterisk writes `<unknown>` for what it does not know. */
export function known(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '<unknown>' ? null : value;
}

const variableFields: Readonly<Record<string, keyof DialplanVariables>> = {
  CTI_ID: 'entryChannelId',
  CTI_LINE: 'line',
  CTI_AREA: 'areaCode',
  CTI_CONTEXT: 'callerContext',
  CTI_DIRECTION: 'direction',
  CTI_RECORDING: 'recording',
  CTI_DIAL: 'dialId',
  CTI_DIALLED: 'dialledNumber',
  CTI_MARK: 'callerMark',
  CTI_EXIT: 'exit',
  CTI_VOICEMAIL: 'voicemail',
};

/** `ChanVariable: NAME=value` lines; a variable that is not set arrives with an empty value. */
function variablesOf(lines: readonly string[]): DialplanVariables {
  const variables: { -readonly [K in keyof DialplanVariables]: DialplanVariables[K] } = {};
  for (const line of lines) {
    const equals = line.indexOf('=');
    const field = variableFields[line.slice(0, equals)];
    const value = line.slice(equals + 1);
    if (equals > 0 && field !== undefined && value !== '') variables[field] = value;
  }
  return variables;
}

function namesOf(prefix: ChannelPrefix): HeaderNames {
  let names = headerNames.get(prefix);
  if (names === undefined) {
    names = {
      channel: `${prefix}Channel`,
      uniqueId: `${prefix}Uniqueid`,
      linkedId: `${prefix}Linkedid`,
      callerNumber: `${prefix}CallerIDNum`,
      callerName: `${prefix}CallerIDName`,
      connectedNumber: `${prefix}ConnectedLineNum`,
      exten: `${prefix}Exten`,
      context: `${prefix}Context`,
      state: `${prefix}ChannelStateDesc`,
      variable: `${prefix}ChanVariable`,
    };
    headerNames.set(prefix, names);
  }
  return names;
}
