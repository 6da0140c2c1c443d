import type { Contact, Customer, CustomerSummary, PhoneNumber } from '../../../contract/customers';
import type { ContactRow } from '../../db/entities/contact.entity';
import type { CustomerRow } from '../../db/entities/customer.entity';
import type { PhoneNumberRow } from '../../db/entities/phone-number.entity';
import { displayOf } from '../numbers/number-reading';

export function toPhoneNumber(row: PhoneNumberRow): PhoneNumber {
  return {
    numberId: row.numberId,
    raw: row.raw,
    display: displayOf(row.numberKey, row.raw, row.extension),
    key: row.numberKey,
    numberClass: row.numberClass,
    extension: row.extension === '' ? null : row.extension,
    label: row.label,
    contactId: row.contactId,
  };
}

export function toContact(row: ContactRow, numbers: readonly PhoneNumberRow[]): Contact {
  const { contactId, customerId, name, sex, department, position, email, birthDate, address, hobbies, family, other, remarks } = row;
  const { decisionMaker, decisionRole, version } = row;
  return {
    contactId,
    customerId,
    name,
    sex,
    department,
    position,
    email,
    birthDate,
    address,
    hobbies,
    family,
    other,
    remarks,
    decisionMaker,
    decisionRole,
    numbers: numbers.filter((number) => number.contactId === contactId).map(toPhoneNumber),
    version,
  };
}

export interface CustomerParts {
  readonly contacts: readonly ContactRow[];
  readonly numbers: readonly PhoneNumberRow[];
  readonly createdBy: string;
}

export function toCustomer(row: CustomerRow, { contacts, numbers, createdBy }: CustomerParts): Customer {
  const { nameSearch: _name, lastContactAt: _at, lastContactSummary: _summary, activeAt: _active, deletedAt: _deleted, ...kept } = row;
  const { createdById: _createdBy, updatedById: _updatedBy, mergedIntoId: _mergedInto, createdAt, updatedAt, ...shown } = kept;
  return {
    ...shown,
    numbers: numbers.filter((number) => number.contactId === null).map(toPhoneNumber),
    contacts: contacts.map((contact) => toContact(contact, numbers)),
    createdAt: createdAt.toISOString(),
    createdBy,
    updatedAt: updatedAt.toISOString(),
  };
}

/** The decision maker, else the first contact, stands for the customer; their number before the company's. */
export function toSummary(row: CustomerRow, { contacts, numbers }: Omit<CustomerParts, 'createdBy'>): CustomerSummary {
  const own = contacts.filter((contact) => contact.customerId === row.customerId);
  const primary = own.find((contact) => contact.decisionMaker) ?? own[0];
  const theirs = numbers.filter((number) => number.customerId === row.customerId && number.label !== 'fax');
  const number = theirs.find(({ contactId }) => contactId !== null && contactId === primary?.contactId) ?? theirs[0];
  return {
    customerId: row.customerId,
    customerNumber: row.customerNumber,
    name: row.name,
    level: row.level,
    type: row.type,
    city: row.city,
    primaryContact: primary?.name ?? null,
    primaryNumber: number === undefined ? null : toPhoneNumber(number),
    lastContactAt: row.lastContactAt?.toISOString() ?? null,
  };
}
