import { RecordingParams } from '../../../contract/recordings';
import { sendFile } from '../../http/send-file';
import { userRoute, type Route } from '../../http/route';
import type { RecordingsService } from './recordings.service';

export function recordingRoutes(recordings: RecordingsService): Route[] {
  return [
    userRoute({
      method: 'get',
      path: '/calls/:callId/recordings/:index',
      summary: 'Listen to a recording of a call, whole or by byte ranges. With `recording.listen_own` those of calls one has picked up.',
      access: { permissions: ['call.view_own'] },
      params: RecordingParams,
      media: 'audio/*',
      handle: async ({ actor, params, request, response }) => {
        const { root, file } = await recordings.listen(actor, params.callId, params.index);
        await sendFile({ request, response }, { root, file });
      },
    }),
  ];
}
