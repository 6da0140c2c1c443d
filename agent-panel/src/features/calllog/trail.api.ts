import { z } from 'zod';
import { CallTrail, CallTrailView } from '../../../../crm-core/contract/call-trail';
import { ApiError, type Api } from '../../app/api-client';
import type { CtiClient } from '../../transport';

const Live = z.object({ trail: CallTrail });

/** A finished call's trail is kept by crm-core; that of a living one only the gateway has. Null: nobody has one (any more). */
export async function loadTrail(callId: string, api: Api, command: CtiClient['command']): Promise<CallTrailView | null> {
  try {
    return await api.get(`/calls/${encodeURIComponent(callId)}/trail`, CallTrailView);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'not_found')) throw error;
  }
  const reply = await command('call.trail', { callId });
  const live = Live.safeParse(reply.ok ? reply.data : null);
  return live.success ? { ...live.data.trail, agents: {} } : null;
}
