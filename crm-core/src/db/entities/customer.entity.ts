import { EntitySchema } from 'typeorm';
import type { CustomerType } from '../../../contract/customers';
import { nullable, type EntityColumns } from '../columns';

export interface CustomerRow {
  customerId: string;
  customerNumber: string;
  name: string;
  /** `name` in the form it is searched in; see `search-text.ts`. */
  nameSearch: string;
  enterpriseKind: string | null;
  legalRepresentative: string | null;
  address: string | null;
  postcode: string | null;
  website: string | null;
  profile: string | null;
  email: string | null;
  level: string | null;
  type: CustomerType | null;
  status: string | null;
  stage: string | null;
  creditRating: string | null;
  industry: string | null;
  size: string | null;
  country: string | null;
  region: string | null;
  province: string | null;
  city: string | null;
  source: string | null;
  remarks: string | null;
  lastContactAt: Date | null;
  lastContactSummary: string | null;
  /** Last contact, or creation while there was none: what lists are sorted by. */
  activeAt: Date;
  createdAt: Date;
  createdById: string;
  updatedAt: Date;
  updatedById: string;
  deletedAt: Date | null;
  /** The customer it became part of, beside `deletedAt`. */
  mergedIntoId: string | null;
  version: number;
}

export function customerEntity(column: EntityColumns) {
  const text = (name: string, length: number) => nullable(column.text(name, length));
  return new EntitySchema<CustomerRow>({
    name: 'customer',
    tableName: 'customers',
    columns: {
      customerId: { ...column.id('customer_id'), primary: true },
      customerNumber: column.text('customer_number', 20),
      name: column.text('name', 200),
      nameSearch: column.text('name_search', 400),
      enterpriseKind: text('enterprise_kind', 60),
      legalRepresentative: text('legal_representative', 120),
      address: text('address', 255),
      postcode: text('postcode', 12),
      website: text('website', 255),
      profile: text('profile', 4000),
      email: text('email', 254),
      level: text('level', 20),
      type: text('type', 20),
      status: text('status', 40),
      stage: text('stage', 40),
      creditRating: text('credit_rating', 40),
      industry: text('industry', 120),
      size: text('size', 60),
      country: text('country', 60),
      region: text('region', 60),
      province: text('province', 60),
      city: text('city', 60),
      source: text('source', 120),
      remarks: text('remarks', 4000),
      lastContactAt: nullable(column.timestamp('last_contact_at')),
      lastContactSummary: text('last_contact_summary', 200),
      activeAt: column.timestamp('active_at'),
      createdAt: column.timestamp('created_at'),
      createdById: column.id('created_by_id'),
      updatedAt: column.timestamp('updated_at'),
      updatedById: column.id('updated_by_id'),
      deletedAt: nullable(column.timestamp('deleted_at')),
      mergedIntoId: nullable(column.id('merged_into_id')),
      version: column.integer('version'),
    },
  });
}
