/** State of a telephone, in the words of the wire protocol. What Asterisk calls them is known to its adapter only. */
export const DEVICE_STATES = ['unknown', 'unavailable', 'idle', 'ringing', 'in_use', 'busy', 'on_hold', 'invalid'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** A state as the telephone system tells it; any other word is a state not known. */
export function deviceStateOf(word: string): DeviceState {
  return DEVICE_STATES.find((state) => state === word) ?? 'unknown';
}
