import { useCallStore } from '../features/call/call.store';
import { useCtiStore } from '../features/cti/cti.store';
import { useRecordStore } from '../features/record/record.store';
import { useSessionStore } from '../features/session/session.store';

/** Signing out of the panel: notes are kept, the queue is left, the telephone is let go, then a fresh page. */
export function useLeaving() {
  const cti = useCtiStore();
  const calls = useCallStore();
  const records = useRecordStore();
  const sessions = useSessionStore();

  async function signOut(): Promise<void> {
    records.stop();
    if (cti.open && calls.current === null) await cti.command('presence.set', { state: 'offline' });
    await cti.stop();
    await sessions.signOut();
    globalThis.location.assign('/');
  }

  return { signOut };
}
