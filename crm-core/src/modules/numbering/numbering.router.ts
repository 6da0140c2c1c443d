import { Numbering, NumberingChange, NumberingTry, NumberingTryResult, Rekeying } from '../../../contract/numbering';
import { userRoute, type Route } from '../../http/route';
import type { NumberingService } from './numbering.service';

const MANAGE = { permissions: ['numbering.manage'] } as const;

export function numberingRoutes(numbering: NumberingService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/numbering',
      summary: 'How numbers are written: the default, and what is different on a line or trunk.',
      access: MANAGE,
      answer: Numbering,
      handle: () => numbering.get(),
    }),
    userRoute({
      method: 'put',
      path: '/numbering',
      summary: 'Save other rules. Keys of stored numbers and past calls are made again in the background.',
      access: MANAGE,
      body: NumberingChange,
      answer: Numbering,
      handle: ({ actor, body }) => numbering.change(actor, body),
    }),
    userRoute({
      method: 'post',
      path: '/numbering/try',
      summary: 'What would this number match, and why? With saved rules or with others; nothing is kept.',
      access: MANAGE,
      body: NumberingTry,
      answer: NumberingTryResult,
      limit: 'search',
      handle: ({ body }) => numbering.try(body),
    }),
    userRoute({
      method: 'get',
      path: '/numbering/rekeying',
      summary: 'How far keys have been made again after the last change of rules.',
      access: MANAGE,
      answer: Rekeying,
      handle: () => numbering.rekeying(),
    }),
  ];
}
