import { DEVICE_STATES, deviceStateOf } from './device-state';

it('knows the states of a telephone, and takes every other word for one that is not known', () => {
  expect(DEVICE_STATES.map(deviceStateOf)).toEqual(DEVICE_STATES);
  expect(['', 'RINGINUSE', '6', 'toString'].map(deviceStateOf)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
});
