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
