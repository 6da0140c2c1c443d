import { computed } from 'vue';
import { useNow } from '../../ui/now';
import { useCtiStore } from '../cti/cti.store';
import { useRecordStore } from '../record/record.store';
import { barModel } from './bar-model';
import { useSessionStore } from '../session/session.store';
import { useCallStore } from './call.store';

/** The call bar's model, fed from the stores and the clock. */
export function useBar() {
  const cti = useCtiStore();
  const calls = useCallStore();
  const records = useRecordStore();
  const sessions = useSessionStore();
  const now = useNow();

  const wrapUp = computed(() => {
    const call = calls.finished;
    return call !== null && records.currentKey === call.callId ? call : null;
  });

  return computed(() =>
    barModel({
      nowMs: now.value,
      connection: cti.connection,
      everOpen: cti.everOpen,
      lostSinceMs: cti.lostSinceMs,
      extension: cti.agent?.extension ?? null,
      presence: cti.presence,
      queues: cti.queues,
      device: cti.device,
      browserPhone: cti.account !== null,
      ownsPhone: cti.ownsPhone,
      registration: cti.phoneStatus?.registration ?? null,
      microphone: cti.phoneStatus?.microphone ?? 'unknown',
      session: cti.session,
      call: calls.current,
      mayTransfer: sessions.user?.permissions.includes('call.transfer') ?? false,
      mayPauseRecording: sessions.user?.permissions.includes('call.pause_recording') ?? false,
      dialSinceMs: calls.dial?.startedAtMs ?? null,
      afterCall: cti.afterCall,
      wrapUpGiven: cti.features.wrapUp,
      wrapUp: wrapUp.value,
    }),
  );
}
