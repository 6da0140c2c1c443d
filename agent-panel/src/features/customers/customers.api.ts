import { z } from 'zod';
import {
  Contact,
  Customer,
  CustomerPage,
  type ContactPatch,
  type CustomerPatch,
  type NewContact,
  type NewCustomer,
} from '../../../../crm-core/contract';
import type { Api, Query } from '../../app/api-client';

export type CustomerDraft = z.input<typeof NewCustomer>;
export type ContactDraft = z.input<typeof NewContact>;

const at = (customerId: string) => `/customers/${encodeURIComponent(customerId)}`;

/** crm-core's customers, their numbers and contacts. */
export function createCustomersApi(api: Api) {
  return {
    list: (query: Query, signal?: AbortSignal): Promise<CustomerPage> =>
      api.get('/customers', CustomerPage, { query, ...(signal ? { signal } : {}) }),
    read: (customerId: string): Promise<Customer> => api.get(at(customerId), Customer),
    create: (customer: CustomerDraft): Promise<Customer> => api.send('POST', '/customers', customer, Customer),
    change: (customerId: string, patch: CustomerPatch): Promise<Customer> => api.send('PATCH', at(customerId), patch, Customer),
    /** Answers the whole customer. */
    addNumber: (customerId: string, number: { raw: string; label: string; contactId: string | null }): Promise<Customer> =>
      api.send('POST', `${at(customerId)}/numbers`, number, Customer),
    removeNumber: (customerId: string, numberId: string): Promise<unknown> =>
      api.send('DELETE', `${at(customerId)}/numbers/${encodeURIComponent(numberId)}`, undefined, z.unknown()),
    addContact: (customerId: string, contact: ContactDraft): Promise<Contact> =>
      api.send('POST', `${at(customerId)}/contacts`, contact, Contact),
    changeContact: (contactId: string, patch: ContactPatch): Promise<Contact> =>
      api.send('PATCH', `/contacts/${encodeURIComponent(contactId)}`, patch, Contact),
  };
}
export type CustomersApi = ReturnType<typeof createCustomersApi>;
