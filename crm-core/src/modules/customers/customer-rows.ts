import type { NewContact, NewCustomer } from '../../../contract/customers';
import { newId, searchText } from '../../db';
import type { ContactRow } from '../../db/entities/contact.entity';
import type { CustomerRow } from '../../db/entities/customer.entity';
import { presentFields } from '../../present-fields';
import type { Stamp } from '../numbers/numbers.service';

/** An empty line is no answer: it is kept as null, so that "not filled in" is one thing. */
function emptyAsNull(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value;
}

export function newCustomerRow(input: NewCustomer, customerNumber: string, { userId, at }: Stamp): CustomerRow {
  return {
    customerId: newId(at.getTime()),
    customerNumber,
    name: input.name,
    nameSearch: searchText(input.name),
    enterpriseKind: emptyAsNull(input.enterpriseKind),
    legalRepresentative: emptyAsNull(input.legalRepresentative),
    address: emptyAsNull(input.address),
    postcode: emptyAsNull(input.postcode),
    website: emptyAsNull(input.website),
    profile: emptyAsNull(input.profile),
    email: emptyAsNull(input.email),
    level: emptyAsNull(input.level),
    type: input.type ?? null,
    status: emptyAsNull(input.status),
    stage: emptyAsNull(input.stage),
    creditRating: emptyAsNull(input.creditRating),
    industry: emptyAsNull(input.industry),
    size: emptyAsNull(input.size),
    country: emptyAsNull(input.country),
    region: emptyAsNull(input.region),
    province: emptyAsNull(input.province),
    city: emptyAsNull(input.city),
    source: emptyAsNull(input.source),
    remarks: emptyAsNull(input.remarks),
    lastContactAt: null,
    lastContactSummary: null,
    activeAt: at,
    createdAt: at,
    createdById: userId,
    updatedAt: at,
    updatedById: userId,
    deletedAt: null,
    mergedIntoId: null,
    version: 1,
  };
}

export function newContactRow(input: NewContact, customerId: string, { userId, at }: Stamp): ContactRow {
  return {
    contactId: newId(at.getTime()),
    customerId,
    name: input.name,
    nameSearch: searchText(input.name),
    sex: input.sex ?? null,
    department: emptyAsNull(input.department),
    position: emptyAsNull(input.position),
    email: emptyAsNull(input.email),
    birthDate: emptyAsNull(input.birthDate),
    address: emptyAsNull(input.address),
    hobbies: emptyAsNull(input.hobbies),
    family: emptyAsNull(input.family),
    other: emptyAsNull(input.other),
    remarks: emptyAsNull(input.remarks),
    decisionMaker: input.decisionMaker ?? false,
    decisionRole: emptyAsNull(input.decisionRole),
    lastContactAt: null,
    createdAt: at,
    createdById: userId,
    updatedAt: at,
    updatedById: userId,
    deletedAt: null,
    version: 1,
  };
}

/** A patch as columns: what was left out stays out, empty lines become null, the name brings its search form. */
export function patchColumns<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } & { nameSearch?: string } {
  const columns = Object.entries(presentFields(patch)).map(([name, value]) => [
    name,
    typeof value === 'string' ? emptyAsNull(value) : value,
  ]);
  const name = 'name' in patch && typeof patch.name === 'string' ? { nameSearch: searchText(patch.name) } : {};
  return { ...Object.fromEntries(columns), ...name };
}
