import type { DirectoryEntry } from '../../db/repositories/directory.repository';
import { distinctOwners, soleOwner } from './owners';

function entry(customerId: string, contactId: string | null, lastContact: number | null = null): DirectoryEntry {
  return {
    key: '+8613912345678',
    customerId,
    customerName: customerId,
    customerNumber: `C-${customerId}`,
    customerLevel: null,
    customerType: null,
    contactId,
    contactName: contactId,
    contactPosition: null,
    lastContactAt: lastContact === null ? null : new Date(lastContact),
    lastContactSummary: null,
    openRecordCount: 0,
    number: null,
    noted: false,
  };
}
const ids = (entries: readonly DirectoryEntry[]) => entries.map(({ customerId, contactId }) => `${customerId}/${contactId ?? '-'}`);

describe('owners of a number', () => {
  it.each([
    ['nobody', [], []],
    ['a company', [entry('a', null)], ['a/-']],
    ['a contact before their company', [entry('a', null), entry('a', 'x')], ['a/x']],
    ['the same entered twice', [entry('a', 'x'), entry('a', 'x')], ['a/x']],
    [
      'the same number of a contact with and without extension, and another company',
      [entry('b', null), entry('a', 'x'), entry('a', null)],
      ['a/x', 'b/-'],
    ],
    [
      'newest contact first',
      [entry('a', null, 1), entry('b', null, 3), entry('c', null), entry('d', null, 2)],
      ['b/-', 'd/-', 'a/-', 'c/-'],
    ],
    ['without contacts by customer number', [entry('b', null), entry('a', null)], ['a/-', 'b/-']],
  ])('%s', (_what, entries, expected) => {
    expect(ids(distinctOwners(entries))).toEqual(expected);
  });

  it.each([
    ['nobody', [], null],
    ['one contact', [entry('a', 'x'), entry('a', null)], { customerId: 'a', contactId: 'x' }],
    ['two contacts of one customer', [entry('a', 'x'), entry('a', 'y')], { customerId: 'a', contactId: null }],
    ['two customers', [entry('a', null), entry('b', null)], null],
  ])('%s: whose a call is', (_what, entries, expected) => {
    expect(soleOwner(entries)).toEqual(expected);
  });
});
