export const DEVICE_STATES = ['unknown', 'unavailable', 'idle', 'ringing', 'in_use', 'busy', 'on_hold', 'invalid'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/**
 * By name (DeviceStateChange) and by number (Status of a queue member): Asterisk, include/asterisk/devicestate.h.
 * Ringing while in use is in use: the agent is talking, whatever else comes.
 */
const BY_TEXT: Readonly<Record<string, DeviceState>> = {
  unknown: 'unknown',
  '0': 'unknown',
  not_inuse: 'idle',
  '1': 'idle',
  idle: 'idle',
  inuse: 'in_use',
  '2': 'in_use',
  in_use: 'in_use',
  busy: 'busy',
  '3': 'busy',
  invalid: 'invalid',
  '4': 'invalid',
  unavailable: 'unavailable',
  '5': 'unavailable',
  ringing: 'ringing',
  '6': 'ringing',
  ringinuse: 'in_use',
  '7': 'in_use',
  ring_in_use: 'in_use',
  onhold: 'on_hold',
  '8': 'on_hold',
  on_hold: 'on_hold',
};

export function deviceStateOf(text: string): DeviceState {
  return (
    BY_TEXT[
      text
        .trim()
        .toLowerCase()
        .replace(/[\s+-]+/g, '')
    ] ??
    BY_TEXT[text.trim().toLowerCase()] ??
    'unknown'
  );
}
