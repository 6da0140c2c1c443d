import { onBeforeUnmount, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import type { CallView } from '../../../cti-gateway/protocol';
import { whoOf } from '../features/call/caller-name';
import { useCallStore } from '../features/call/call.store';
import { useCtiStore } from '../features/cti/cti.store';
import { useRecordStore } from '../features/record/record.store';
import { useSessionStore } from '../features/session/session.store';

const OPENED = 'hotline.opened.';
const LATE_MATCH_MS = 10_000;

function editing(): boolean {
  const focused = document.activeElement;
  return (
    focused instanceof HTMLElement &&
    focused.closest('#page') !== null &&
    /^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName) &&
    (focused as HTMLInputElement).value !== ''
  );
}

/** Starts everything behind the panel for the person signed in, and opens the customer's page when a call is answered. */
export function usePanelStart(): void {
  const { t } = useI18n();
  const router = useRouter();
  const route = useRoute();
  const sessions = useSessionStore();
  const cti = useCtiStore();
  const calls = useCallStore();
  const records = useRecordStore();
  let waitingForMatch: { readonly callId: string; readonly path: string; readonly untilMs: number } | null = null;

  function pageOf(call: CallView): string | null {
    const customerId = calls.customerOf(call);
    if (customerId !== null) return `/customers/${customerId}`;
    const stranger = call.match.kind === 'unknown' || call.match.kind === 'withheld' || calls.choices.get(call.callId) === null;
    return stranger ? `/customers/new?call=${encodeURIComponent(call.callId)}` : null;
  }

  function open(call: CallView): void {
    const page = pageOf(call);
    if (page === null) waitingForMatch = { callId: call.callId, path: route.fullPath, untilMs: Date.now() + LATE_MATCH_MS };
    else if (route.path !== page) void router.push(page);
    globalThis.sessionStorage.setItem(OPENED + call.callId, '1');
  }

  /** Once per call and window; outbound calls leave the page from which they were dialled. */
  function answered(call: CallView, here: boolean): void {
    if (call.direction !== 'inbound' || globalThis.sessionStorage.getItem(OPENED + call.callId) !== null) return;
    if (here || document.visibilityState === 'visible') open(call);
  }

  const stops = [
    calls.onAnswered(answered),
    watch(
      () => calls.talking,
      (call) => {
        if (call === null || waitingForMatch?.callId !== call.callId || call.match.kind === 'pending') return;
        const { path, untilMs } = waitingForMatch;
        const page = pageOf(call);
        if (page === null) return;
        waitingForMatch = null;
        if (Date.now() < untilMs && route.fullPath === path && !editing()) void router.push(page);
      },
    ),
    watch(
      () => [calls.alerting?.callId, route.meta.title, t('app.name')] as const,
      () => {
        const call = calls.alerting;
        const page = t(route.meta.title ?? 'nav.home');
        document.title = call === null ? `${page} · ${t('app.name')}` : t('app.ringing', { name: whoOf(calls.ownerOf(call))?.name ?? '' });
      },
      { immediate: true },
    ),
  ];

  /** The gateway's ticket needs the session: signed in again, the line comes back by itself. */
  stops.push(
    watch(
      () => cti.connection,
      (state) => {
        if (state.name === 'refused' && state.reason === 'signed_out')
          void sessions.signInAgain().then((again) => {
            if (again) cti.reconnect();
          });
      },
    ),
  );

  /** Only while nobody looks at the panel, and only for those who allowed it; the name of the caller stays in the panel. */
  stops.push(
    watch(
      () => calls.alerting?.callId,
      (callId) => {
        if (callId === undefined || !document.hidden || globalThis.Notification?.permission !== 'granted') return;
        const note = new Notification(t('pop.title'), { tag: callId, body: cti.lineLabel(calls.alerting?.line ?? null) ?? t('app.name') });
        note.onclick = () => globalThis.focus();
      },
    ),
  );

  /** Sound is only allowed after a click or a key: the first one unlocks the ring. */
  function unlock(): void {
    void cti.softphone()?.unlockAudio();
  }
  globalThis.addEventListener('pointerdown', unlock);
  globalThis.addEventListener('keydown', unlock);

  records.start();
  const userId = sessions.user?.userId;
  if (userId !== undefined) void cti.start(userId, (client) => calls.wire(client)).then(() => records.resumeUnsent());

  onBeforeUnmount(() => {
    for (const stop of stops) stop();
    globalThis.removeEventListener('pointerdown', unlock);
    globalThis.removeEventListener('keydown', unlock);
    records.stop();
    void cti.stop();
  });
}
