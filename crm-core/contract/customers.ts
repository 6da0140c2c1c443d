import { z } from 'zod';
import { NumberClass } from './match';
import { PageQuery, Timestamp, pageOf } from './common';

export const CustomerType = z.enum(['existing', 'target', 'potential', 'partner', 'blacklisted', 'competitor']);
const text = (max: number) => z.string().trim().max(max);
const optionalText = (max: number) => text(max).nullable().default(null);

/** A stored phone number, as written and by its key. */
export const PhoneNumber = z.object({
  numberId: z.string(),
  /** As the person wrote it. */
  raw: z.string(),
  /** Grouped for reading, e.g. `139 1234 5678`. */
  display: z.string(),
  key: z.string().nullable(),
  numberClass: NumberClass,
  extension: z.string().nullable(),
  label: z.enum(['office', 'mobile', 'fax', 'home', 'other']),
  contactId: z.string().nullable(),
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

export const NewPhoneNumber = z.object({
  raw: text(64).min(1),
  label: z.enum(['office', 'mobile', 'fax', 'home', 'other']).default('other'),
  /** Area code assumed when the number has none (that of the line of the call at hand). */
  areaCode: z.string().max(8).nullable().default(null),
  contactId: z.string().max(36).nullable().default(null),
});
export type NewPhoneNumber = z.infer<typeof NewPhoneNumber>;

export const Contact = z.object({
  contactId: z.string(),
  customerId: z.string(),
  name: z.string(),
  sex: z.enum(['male', 'female']).nullable(),
  department: z.string().nullable(),
  position: z.string().nullable(),
  email: z.string().nullable(),
  birthDate: z.string().nullable(),
  address: z.string().nullable(),
  hobbies: z.string().nullable(),
  family: z.string().nullable(),
  remarks: z.string().nullable(),
  decisionMaker: z.boolean(),
  decisionRole: z.string().nullable(),
  numbers: z.array(PhoneNumber),
  version: z.number().int(),
});
export type Contact = z.infer<typeof Contact>;

export const NewContact = z.object({
  name: text(120).min(1),
  sex: z.enum(['male', 'female']).nullable().default(null),
  department: optionalText(120),
  position: optionalText(120),
  email: z.email().max(254).nullable().default(null),
  birthDate: z.iso.date().nullable().default(null),
  address: optionalText(255),
  hobbies: optionalText(500),
  family: optionalText(500),
  remarks: optionalText(2000),
  decisionMaker: z.boolean().default(false),
  decisionRole: optionalText(120),
  numbers: z.array(NewPhoneNumber).max(20).default([]),
});
export type NewContact = z.infer<typeof NewContact>;
const contactFields = NewContact.omit({ numbers: true }).shape;
export const ContactPatch = z.object(
  Object.fromEntries(Object.entries(contactFields).map(([k, v]) => [k, ('unwrap' in v ? (v as z.ZodDefault).unwrap() as z.ZodType : v as z.ZodType).optional()])) as { [K in keyof typeof contactFields]: z.ZodOptional<z.ZodType<z.infer<(typeof contactFields)[K]>>> },
).extend({ version: z.number().int() });
export type ContactPatch = z.infer<typeof ContactPatch>;

/** Short form for lists. */
export const CustomerSummary = z.object({
  customerId: z.string(),
  customerNumber: z.string(),
  name: z.string(),
  level: z.string().nullable(),
  type: CustomerType.nullable(),
  city: z.string().nullable(),
  primaryContact: z.string().nullable(),
  primaryNumber: PhoneNumber.nullable(),
  lastContactAt: Timestamp.nullable(),
});
export type CustomerSummary = z.infer<typeof CustomerSummary>;

const customerShape = {
  name: text(200).min(1),
  enterpriseKind: optionalText(60),
  legalRepresentative: optionalText(120),
  address: optionalText(255),
  postcode: optionalText(12),
  website: optionalText(255),
  profile: optionalText(4000),
  email: z.email().max(254).nullable().default(null),
  level: optionalText(20),
  type: CustomerType.nullable().default(null),
  status: optionalText(40),
  stage: optionalText(40),
  creditRating: optionalText(40),
  industry: optionalText(120),
  size: optionalText(60),
  country: optionalText(60),
  region: optionalText(60),
  province: optionalText(60),
  city: optionalText(60),
  source: optionalText(120),
  remarks: optionalText(4000),
};
export const NewCustomer = z.object({
  ...customerShape,
  numbers: z.array(NewPhoneNumber).max(20).default([]),
  contacts: z.array(NewContact).max(50).default([]),
  /** Call during which it was created: the call is linked at once. */
  callId: z.string().max(150).nullable().default(null),
});
export type NewCustomer = z.infer<typeof NewCustomer>;
type Patch<T extends Record<string, z.ZodType>> = { [K in keyof T]: z.ZodOptional<z.ZodType<z.infer<T[K]>>> };
export const CustomerPatch = z.object(
  Object.fromEntries(Object.entries(customerShape).map(([k, v]) => [k, ('unwrap' in v && v instanceof z.ZodDefault ? (v.unwrap() as z.ZodType) : (v as z.ZodType)).optional()])) as Patch<typeof customerShape>,
).extend({ version: z.number().int() });
export type CustomerPatch = z.infer<typeof CustomerPatch>;

export const Customer = z.object({
  customerId: z.string(),
  customerNumber: z.string(),
  name: z.string(),
  enterpriseKind: z.string().nullable(),
  legalRepresentative: z.string().nullable(),
  address: z.string().nullable(),
  postcode: z.string().nullable(),
  website: z.string().nullable(),
  profile: z.string().nullable(),
  email: z.string().nullable(),
  level: z.string().nullable(),
  type: CustomerType.nullable(),
  status: z.string().nullable(),
  stage: z.string().nullable(),
  creditRating: z.string().nullable(),
  industry: z.string().nullable(),
  size: z.string().nullable(),
  country: z.string().nullable(),
  region: z.string().nullable(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  source: z.string().nullable(),
  remarks: z.string().nullable(),
  numbers: z.array(PhoneNumber),
  contacts: z.array(Contact),
  createdAt: Timestamp,
  createdBy: z.string(),
  updatedAt: Timestamp,
  version: z.number().int(),
});
export type Customer = z.infer<typeof Customer>;

export const CustomerQuery = PageQuery.extend({
  /** Number in any spelling, part of a customer's name, a contact's name, or a customer number. */
  q: z.string().trim().max(100).optional(),
  scope: z.enum(['all', 'number', 'name', 'company']).default('all'),
  exact: z.enum(['true', 'false']).default('false'),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;
export const CustomerPage = pageOf(CustomerSummary);
export type CustomerPage = z.infer<typeof CustomerPage>;
