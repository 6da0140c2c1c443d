import { z } from 'zod';
import { RecordId } from '../../../contract/common';
import {
  Customer,
  CustomerMerge,
  CustomerPage,
  CustomerPatch,
  CustomerQuery,
  NewCustomer,
  NewPhoneNumber,
} from '../../../contract/customers';
import { machineRoute, userRoute, type Route } from '../../http/route';
import type { CustomersService } from './customers.service';

const CustomerParams = z.object({ customerId: RecordId });
const VIEW = { permissions: ['customer.view'], machine: 'customers.view' } as const;
const EDIT = { permissions: ['customer.edit'] } as const;

export function customerRoutes(customers: CustomersService): Route[] {
  return [
    machineRoute({
      method: 'get',
      path: '/customers',
      summary: 'Search customers by number in any spelling or part, name, contact or customer number; latest contact first.',
      access: VIEW,
      query: CustomerQuery,
      answer: CustomerPage,
      limit: 'search',
      handle: ({ query }) => customers.search(query),
    }),
    userRoute({
      method: 'post',
      path: '/customers',
      summary: 'Record a customer with numbers and contacts, during a call or not.',
      access: EDIT,
      body: NewCustomer,
      answer: Customer,
      statuses: [201],
      handle: ({ actor, body }) => customers.create(actor, body),
    }),
    machineRoute({
      method: 'get',
      path: '/customers/:customerId',
      summary: 'One customer with contacts and numbers.',
      access: VIEW,
      params: CustomerParams,
      answer: Customer,
      handle: ({ params }) => customers.get(params.customerId),
    }),
    userRoute({
      method: 'patch',
      path: '/customers/:customerId',
      summary: 'Change a customer. 409 with the current record when somebody else was faster.',
      access: EDIT,
      params: CustomerParams,
      body: CustomerPatch,
      answer: Customer,
      handle: ({ actor, params, body }) => customers.change(actor, params.customerId, body),
    }),
    userRoute({
      method: 'delete',
      path: '/customers/:customerId',
      summary: 'Delete a customer. The data is kept; records and calls still say whose they were.',
      access: { permissions: ['customer.delete'] },
      params: CustomerParams,
      handle: ({ actor, params }) => customers.remove(actor, params.customerId),
    }),
    userRoute({
      method: 'post',
      path: '/customers/:customerId/merge',
      summary: 'Make another customer part of this one: every number, contact, record and call of it moves here.',
      access: { permissions: ['customer.delete'] },
      params: CustomerParams,
      body: CustomerMerge,
      answer: Customer,
      handle: ({ actor, params, body }) => customers.merge(actor, params.customerId, body),
    }),
    userRoute({
      method: 'post',
      path: '/customers/:customerId/numbers',
      summary: 'Give a customer or one of its contacts a number; past calls of it that belong to nobody are linked.',
      access: EDIT,
      params: CustomerParams,
      body: NewPhoneNumber,
      answer: Customer,
      statuses: [201],
      handle: ({ actor, params, body }) => customers.addNumber(actor, params.customerId, body),
    }),
    userRoute({
      method: 'delete',
      path: '/customers/:customerId/numbers/:numberId',
      summary: 'Take a number away.',
      access: EDIT,
      params: CustomerParams.extend({ numberId: RecordId }),
      handle: ({ actor, params }) => customers.removeNumber(actor, params),
    }),
  ];
}
