import { z } from 'zod';
import {
  ApiClient,
  ApiClientList,
  ApiClientPatch,
  ApiClientTokenRequest,
  ApiClientWithToken,
  NewApiClient,
} from '../../../contract/api-clients';
import { RecordId } from '../../../contract/common';
import { userRoute, type Route } from '../../http/route';
import type { ApiClientsService } from './api-clients.service';

const Params = z.object({ clientId: RecordId });
const MANAGE = { permissions: ['api_client.manage'] } as const;

export function apiClientRoutes(clients: ApiClientsService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/api-clients',
      summary: 'Programs that may use this interface by bearer token, by name; the gateway among them.',
      access: MANAGE,
      answer: ApiClientList,
      handle: () => clients.list(),
    }),
    userRoute({
      method: 'post',
      path: '/api-clients',
      summary: 'Let a program in, with what it may do. Its token is in this answer and nowhere else.',
      access: MANAGE,
      body: NewApiClient,
      answer: ApiClientWithToken,
      statuses: [201],
      handle: ({ actor, body }) => clients.create(actor, body),
    }),
    userRoute({
      method: 'patch',
      path: '/api-clients/:clientId',
      summary: 'Change what a program may do, disable or enable it. 409 with the current one when somebody else was faster.',
      access: MANAGE,
      params: Params,
      body: ApiClientPatch,
      answer: ApiClient,
      handle: ({ actor, params, body }) => clients.change(actor, params.clientId, body),
    }),
    userRoute({
      method: 'post',
      path: '/api-clients/:clientId/token',
      summary: 'Give a program another token; the one before is refused from now on.',
      access: MANAGE,
      params: Params,
      body: ApiClientTokenRequest,
      answer: ApiClientWithToken,
      handle: ({ actor, params, body }) => clients.renewToken(actor, params.clientId, body),
    }),
  ];
}
