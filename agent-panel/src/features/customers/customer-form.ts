import type { Customer } from '../../../../crm-core/contract';

/** A number as it is typed; `contact` true: the number of the person, not of the company. */
export interface NumberRow {
  raw: string;
  label: 'office' | 'mobile' | 'fax' | 'home' | 'other';
  ofContact: boolean;
}

export const TEXT_FIELDS = [
  'enterpriseKind',
  'legalRepresentative',
  'address',
  'postcode',
  'website',
  'email',
  'level',
  'status',
  'stage',
  'creditRating',
  'industry',
  'size',
  'country',
  'region',
  'province',
  'city',
  'source',
  'profile',
  'remarks',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export interface CustomerForm {
  name: string;
  type: string;
  fields: Record<TextField, string>;
  contactName: string;
  contactPosition: string;
  numbers: NumberRow[];
}

export function emptyForm(): CustomerForm {
  return {
    name: '',
    type: '',
    fields: Object.fromEntries(TEXT_FIELDS.map((field) => [field, ''])) as Record<TextField, string>,
    contactName: '',
    contactPosition: '',
    numbers: [],
  };
}

export function formOf(customer: Customer): CustomerForm {
  const form = emptyForm();
  form.name = customer.name;
  form.type = customer.type ?? '';
  for (const field of TEXT_FIELDS) form.fields[field] = customer[field] ?? '';
  return form;
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function written(form: CustomerForm) {
  return {
    name: form.name.trim(),
    type: (orNull(form.type) as Customer['type']) ?? null,
    ...(Object.fromEntries(TEXT_FIELDS.map((field) => [field, orNull(form.fields[field])])) as Record<TextField, string | null>),
  };
}

/** As `POST /customers` takes it. A number goes to the contact when it is the person's and a person is named. */
export function newCustomerOf(form: CustomerForm, callId: string | null) {
  const person = orNull(form.contactName);
  const numbers = form.numbers.filter((row) => row.raw.trim() !== '');
  const toNumber = (row: NumberRow) => ({ raw: row.raw.trim(), label: row.label });
  const own = numbers.filter((row) => person === null || !row.ofContact).map(toNumber);
  const theirs = numbers.filter((row) => person !== null && row.ofContact).map(toNumber);
  return {
    ...written(form),
    numbers: own,
    contacts: person === null ? [] : [{ name: person, position: orNull(form.contactPosition), numbers: theirs }],
    callId,
  };
}

export function patchOf(form: CustomerForm, version: number) {
  return { ...written(form), version };
}

/** Where crm-core's path of an offending field stands in this form. */
export function formPath(path: string): string {
  const number = /numbers\.(\d+)/.exec(path);
  if (number) return 'numbers';
  if (path.startsWith('contacts.0.')) return `contact.${path.slice('contacts.0.'.length)}`;
  return path;
}
