import { EntitySchema } from 'typeorm';
import type { NumberLabel } from '../../../contract/customers';
import type { NumberClass } from '../../../contract/match';
import { nullable, type EntityColumns } from '../columns';

export interface PhoneNumberRow {
  numberId: string;
  customerId: string;
  contactId: string | null;
  /** The contact, or the customer when it is the company's own: with key and extension it is unique. */
  ownerId: string;
  /** As it was written. */
  raw: string;
  /** What callers are matched by; null when it is no number the rules know. */
  numberKey: string | null;
  /** Digits a part of the number is searched in: without country code or leading zero. */
  digits: string;
  numberClass: NumberClass;
  /** Rule that made the key. */
  reason: string;
  /** Empty: none. */
  extension: string;
  label: NumberLabel;
  /** Area code it was written for, where that was said; null: the installation's. Its key is made again with it. */
  areaCode: string | null;
  /** Order among the owner's numbers. */
  position: number;
  createdAt: Date;
  createdById: string;
}

export function phoneNumberEntity(column: EntityColumns) {
  return new EntitySchema<PhoneNumberRow>({
    name: 'phone_number',
    tableName: 'phone_numbers',
    columns: {
      numberId: { ...column.id('number_id'), primary: true },
      customerId: column.id('customer_id'),
      contactId: nullable(column.id('contact_id')),
      ownerId: column.id('owner_id'),
      raw: column.text('raw', 64),
      numberKey: nullable(column.text('number_key', 40)),
      digits: column.text('digits', 40),
      numberClass: column.text('number_class', 20),
      reason: column.text('reason', 60),
      extension: column.text('extension', 10),
      label: column.text('label', 20),
      areaCode: nullable(column.text('area_code', 8)),
      position: column.integer('position'),
      createdAt: column.timestamp('created_at'),
      createdById: column.id('created_by_id'),
    },
  });
}
