import { deviceStateOf } from './device-state';
import { extensionOf } from './endpoint';

it.each([
  ['PJSIP/1001', '1001'],
  ['PJSIP/101', '101'],
  ['PJSIP/trunk', null],
  ['PJSIP/1001-0000002a', null],
  ['SIP/1001', null],
  ['PJSIP/1001/sip:x', null],
  ['', null],
])('the extension of %s is %s', (endpoint, extension) => {
  expect(extensionOf(endpoint)).toBe(extension);
});

it.each([
  ['NOT_INUSE', 'idle'],
  ['INUSE', 'in_use'],
  ['RINGINUSE', 'in_use'],
  ['ONHOLD', 'on_hold'],
  ['on_hold', 'on_hold'],
  ['unavailable', 'unavailable'],
  ['6', 'ringing'],
  ['', 'unknown'],
  ['something new', 'unknown'],
])('the device state %s is %s', (text, state) => {
  expect(deviceStateOf(text)).toBe(state);
});
