import { changedKeys, parseCallerId, parseStoredNumbers, storableKey } from './index';

const options = { areaCode: '20' };

test('what identifies nobody has no storable key', () => {
  expect(storableKey(parseCallerId('13912345678', options))).toBe('+8613912345678');
  expect(storableKey(parseCallerId('17012345678', options))).toBe('+8617012345678');
  expect(storableKey(parseCallerId('17012345678转1234', options))).toBeNull();
  expect(storableKey(parseCallerId('8001', { ...options, context: 'internal', internalPattern: '8\\d{3}' }))).toBeNull();
  expect(storableKey(parseCallerId('anonymous', options))).toBeNull();
});

test('a change of writing changes nothing, a change of number does', () => {
  const before = parseStoredNumbers('139 1234 5678、020-62345678', options);
  expect(changedKeys(before, parseStoredNumbers('62345678/+86 139-1234-5678', options))).toEqual({ added: [], removed: [] });
  expect(changedKeys(before, parseStoredNumbers('13912345678; 95588; 17012345678转1', options))).toEqual({
    added: ['svc:95588'],
    removed: ['+862062345678'],
  });
});
