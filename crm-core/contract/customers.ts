import { z } from 'zod';
import { CallId } from './calls';
import { NumberClass } from './match';
import { PageQuery, Timestamp, pageOf } from './common';
import { block, line, requiredLine } from './text';

export const CustomerType = z.enum(['existing', 'target', 'potential', 'partner', 'blacklisted', 'competitor']);
export type CustomerType = z.infer<typeof CustomerType>;
export const NumberLabel = z.enum(['office', 'mobile', 'fax', 'home', 'other']);
export type NumberLabel = z.infer<typeof NumberLabel>;

const Version = z.number().int().nonnegative();

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
  label: NumberLabel,
  contactId: z.string().nullable(),
});
export type PhoneNumber = z.infer<typeof PhoneNumber>;

/**
 * `POST /customers/{id}/numbers` (answers the whole `Customer`). Several numbers written into one field become several
 * numbers; a number the owner has already is not stored twice.
 */
export const NewPhoneNumber = z.object({
  raw: requiredLine(64),
  label: NumberLabel.default('other'),
  /** Area code assumed when the number has none (that of the line of the call at hand). */
  areaCode: z
    .string()
    .regex(/^0?\d{2,4}$/)
    .nullable()
    .default(null),
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
  other: z.string().nullable(),
  remarks: z.string().nullable(),
  decisionMaker: z.boolean(),
  decisionRole: z.string().nullable(),
  numbers: z.array(PhoneNumber),
  version: Version,
});
export type Contact = z.infer<typeof Contact>;

/** What a person may write of a contact. A field that is left out is empty on creation and unchanged by a PATCH; null empties it. */
const ContactFields = z
  .object({
    sex: z.enum(['male', 'female']).nullable(),
    department: line(120).nullable(),
    position: line(120).nullable(),
    email: z.email().max(254).nullable(),
    birthDate: z.iso.date().nullable(),
    address: line(255).nullable(),
    hobbies: block(500).nullable(),
    family: block(500).nullable(),
    other: block(500).nullable(),
    remarks: block(2000).nullable(),
    decisionMaker: z.boolean(),
    decisionRole: line(120).nullable(),
  })
  .partial();

/** `POST /customers/{id}/contacts`: answers the `Contact`. */
export const NewContact = ContactFields.extend({
  name: requiredLine(120),
  numbers: z.array(NewPhoneNumber).max(20).default([]),
});
export type NewContact = z.infer<typeof NewContact>;
export const ContactPatch = ContactFields.extend({ name: requiredLine(120).optional(), version: Version });
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

/** R1.1 and R1.2. Left out: empty on creation, unchanged by a PATCH; null empties it. */
const CustomerFields = z
  .object({
    enterpriseKind: line(60).nullable(),
    legalRepresentative: line(120).nullable(),
    address: line(255).nullable(),
    postcode: line(12).nullable(),
    website: line(255).nullable(),
    profile: block(4000).nullable(),
    email: z.email().max(254).nullable(),
    level: line(20).nullable(),
    type: CustomerType.nullable(),
    status: line(40).nullable(),
    stage: line(40).nullable(),
    creditRating: line(40).nullable(),
    industry: line(120).nullable(),
    size: line(60).nullable(),
    country: line(60).nullable(),
    region: line(60).nullable(),
    province: line(60).nullable(),
    city: line(60).nullable(),
    source: line(120).nullable(),
    remarks: block(4000).nullable(),
  })
  .partial();

/** `POST /customers`: answers the `Customer`. */
export const NewCustomer = CustomerFields.extend({
  name: requiredLine(200),
  numbers: z.array(NewPhoneNumber).max(20).default([]),
  contacts: z.array(NewContact).max(50).default([]),
  /** Call during which it was created: the call and its hotline records are linked at once. */
  callId: CallId.nullable().default(null),
});
export type NewCustomer = z.infer<typeof NewCustomer>;
export const CustomerPatch = CustomerFields.extend({ name: requiredLine(200).optional(), version: Version });
export type CustomerPatch = z.infer<typeof CustomerPatch>;

export const Customer = z.object({
  customerId: z.string(),
  /** 客户编号, given by crm-core, never typed. */
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
  /** The company's own numbers; those of a contact stand at the contact. */
  numbers: z.array(PhoneNumber),
  contacts: z.array(Contact),
  createdAt: Timestamp,
  /** Display name of who recorded it. */
  createdBy: z.string(),
  updatedAt: Timestamp,
  version: Version,
});
export type Customer = z.infer<typeof Customer>;

/**
 * `POST /customers/{id}/merge`: the customer `customerId` becomes part of this one: its numbers, contacts, records and calls move over,
 * its fields fill what is empty here, and it is found no more. Answers the `Customer` that stays.
 */
export const CustomerMerge = z.object({ customerId: z.string().max(36), version: Version });
export type CustomerMerge = z.infer<typeof CustomerMerge>;

export const CustomerQuery = PageQuery.extend({
  /** Number in any spelling or a part of it, part of a customer's name, a contact's name, or a customer number; words are combined. */
  q: z.string().trim().max(100).optional(),
  /** `company` is the customer's name, `name` that of the customer or a contact, `number` a phone or customer number. */
  scope: z.enum(['all', 'number', 'name', 'company']).default('all'),
  exact: z.enum(['true', 'false']).default('false'),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;
export const CustomerPage = pageOf(CustomerSummary);
export type CustomerPage = z.infer<typeof CustomerPage>;
