import { z } from 'zod';
import { CallId } from '../../../contract/calls';
import { CallDisposition, DispositionChange, DispositionList, SetDisposition } from '../../../contract/dispositions';
import { userRoute, type Route } from '../../http/route';
import type { DispositionsService } from './dispositions.service';

export function dispositionRoutes(dispositions: DispositionsService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/dispositions',
      summary: 'How a call can have gone, in the order they are offered, and whether a call needs one.',
      access: { permissions: ['call.view_own'] },
      answer: DispositionList,
      handle: () => dispositions.list(),
    }),
    userRoute({
      method: 'put',
      path: '/dispositions',
      summary: 'The whole list anew, in the order it is to be offered. What calls have can be made inactive, not left out.',
      access: { permissions: ['disposition.manage'] },
      body: DispositionChange,
      answer: DispositionList,
      handle: ({ actor, body }) => dispositions.change(actor, body),
    }),
    userRoute({
      method: 'put',
      path: '/calls/:callId/disposition',
      summary: 'Say how a call went, as an agent of that call or one who sees all; also while its row is still on its way.',
      access: { permissions: ['hotline.edit'] },
      params: z.object({ callId: CallId }),
      body: SetDisposition,
      answer: CallDisposition,
      handle: ({ actor, params, body }) => dispositions.set(actor, params.callId, body.disposition),
    }),
  ];
}
