import { z } from 'zod';
import {
  ActiveCallerMarks,
  CallerMark,
  CallerMarkPage,
  CallerMarkPatch,
  CallerMarkQuery,
  NewCallerMark,
} from '../../../contract/caller-marks';
import { RecordId } from '../../../contract/common';
import { AppError } from '../../app-error';
import { machineRoute, userRoute, type Route } from '../../http/route';
import type { MarksService } from './marks.service';

const MarkParams = z.object({ markId: RecordId });
const MANAGE = { permissions: ['caller_mark.manage'] } as const;

function etagOf({ version }: ActiveCallerMarks): string {
  return `"${version}"`;
}

/** Aborted when the one who asked has gone. */
function gone(response: { once(event: 'close', listener: () => void): unknown }): AbortSignal {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  return abort.signal;
}

export function markRoutes(marks: MarksService): Route[] {
  return [
    machineRoute({
      method: 'get',
      path: '/caller-marks',
      summary:
        'Blocked and preferred callers, newest first; with active=true those in force as the telephone side takes them, with an ETag; with wait, once there is news.',
      access: { ...MANAGE, machine: 'caller_marks.view' },
      query: CallerMarkQuery,
      answer: z.union([ActiveCallerMarks, CallerMarkPage]),
      revalidates: true,
      handle: async ({ actor, query, request, response }) => {
        if (query.active === undefined) {
          if (actor.kind === 'machine') throw new AppError('forbidden');
          return marks.page(query);
        }
        const known = request.headers['if-none-match'];
        const { revision } = marks.news;
        let active = await marks.active();
        if (query.wait > 0 && known === etagOf(active)) {
          await marks.news.since(revision, query.wait * 1000, gone(response));
          active = await marks.active();
        }
        response.setHeader('ETag', etagOf(active));
        if (known === etagOf(active)) response.status(304);
        return active;
      },
    }),
    userRoute({
      method: 'post',
      path: '/caller-marks',
      summary: 'Block a caller or let one go first, with a reason and, if wanted, an end.',
      access: MANAGE,
      body: NewCallerMark,
      answer: CallerMark,
      statuses: [201],
      handle: ({ actor, body }) => marks.create(actor, body),
    }),
    userRoute({
      method: 'patch',
      path: '/caller-marks/:markId',
      summary: 'Change kind, reason or end of a mark. 409 with the current one when somebody else was faster.',
      access: MANAGE,
      params: MarkParams,
      body: CallerMarkPatch,
      answer: CallerMark,
      handle: ({ actor, params, body }) => marks.change(actor, params.markId, body),
    }),
    userRoute({
      method: 'delete',
      path: '/caller-marks/:markId',
      summary: 'End a mark now. It stays in the list of all.',
      access: MANAGE,
      params: MarkParams,
      handle: ({ actor, params }) => marks.end(actor, params.markId),
    }),
  ];
}
