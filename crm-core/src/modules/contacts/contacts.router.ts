import { z } from 'zod';
import { RecordId } from '../../../contract/common';
import { Contact, ContactPatch, NewContact } from '../../../contract/customers';
import { userRoute, type Route } from '../../http/route';
import type { ContactsService } from './contacts.service';

const ContactParams = z.object({ contactId: RecordId });
const EDIT = { permissions: ['customer.edit'] } as const;

export function contactRoutes(contacts: ContactsService): Route[] {
  return [
    userRoute({
      method: 'post',
      path: '/customers/:customerId/contacts',
      summary: 'Record a contact of a customer.',
      access: EDIT,
      params: z.object({ customerId: RecordId }),
      body: NewContact,
      answer: Contact,
      statuses: [201],
      handle: ({ actor, params, body }) => contacts.create(actor, params.customerId, body),
    }),
    userRoute({
      method: 'patch',
      path: '/contacts/:contactId',
      summary: 'Change a contact. 409 with the current one when somebody else was faster.',
      access: EDIT,
      params: ContactParams,
      body: ContactPatch,
      answer: Contact,
      handle: ({ actor, params, body }) => contacts.change(actor, params.contactId, body),
    }),
    userRoute({
      method: 'delete',
      path: '/contacts/:contactId',
      summary: 'Delete a contact and give up their numbers.',
      access: EDIT,
      params: ContactParams,
      handle: ({ actor, params }) => contacts.remove(actor, params.contactId),
    }),
  ];
}
