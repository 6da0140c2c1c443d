import type { PauseReason, QueueDepth } from '../../../../cti-gateway/protocol';
import type { IconName } from '../../ui/icons';
import type { BarInput, BarModel, Phrase } from './bar-types';

/** Slots that do nothing keep their word. */
export const NONE = { action: 'none', label: 'bar.answer', tone: 'green' } as const;
export const NO_END = { action: 'none', label: 'bar.hangup' } as const;
const OFF = { enabled: false, on: false } as const;
export const QUIET = {
  main: NONE,
  end: NO_END,
  mute: OFF,
  hold: OFF,
  transfer: { enabled: false, swap: false },
  conference: OFF,
  record: OFF,
  keypad: { enabled: false },
  timer: null,
  call: null,
} as const;
export const disc = (tone: BarModel['disc']['tone'], icon: IconName, pulse = false) => ({ tone, icon, pulse });
export const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

export const PAUSE_ICONS: Readonly<Record<PauseReason, IconName>> = {
  break: 'coffee',
  meeting: 'users',
  training: 'layers',
  desk_work: 'edit',
  ring_no_answer: 'missed',
  declined: 'clock',
  supervisor: 'user',
};

/** The left zone: `working` is the key of what the agent is at, null when nothing but their own state counts. */
export function agentZone(input: BarInput, working: string | null): BarModel['agent'] {
  const since = input.presence.state === 'offline' ? null : Date.parse(input.presence.since);
  const next = input.afterCall.next;
  const then = next === null ? null : `afterCall.${next.state === 'paused' ? next.reason : next.state}`;
  if (working !== null) working = then ?? working;
  if (working !== null) return { dot: 'work', title: { key: 'presence.working' }, detail: { key: working }, sinceMs: null };
  switch (input.presence.state) {
    case 'offline':
      return { dot: 'off', title: { key: 'presence.offline' }, detail: { key: 'presence.notSignedIn' }, sinceMs: null };
    case 'ready':
      return { dot: '', title: { key: 'presence.ready' }, detail: { key: 'presence.readyFor' }, sinceMs: since };
    case 'paused':
      return {
        dot: 'paused',
        title: { key: `pause.${input.presence.reasons[0] ?? 'break'}` },
        detail: { key: 'presence.pausedFor' },
        sinceMs: since,
      };
  }
}

export function queueDetail(queues: readonly QueueDepth[]): Phrase[] {
  return queues.map((queue) => ({ key: 'bar.queueDepth', params: { queue: queue.queue, waiting: queue.waiting } }));
}
