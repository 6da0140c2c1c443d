import type { CallView, EventData, EventType } from '../../cti-gateway/protocol';
import { AgentPresence } from '../../cti-gateway/src/app/agent-presence';
import { CallerMatching } from '../../cti-gateway/src/app/caller-matching';
import { CrmLink } from '../../cti-gateway/src/app/crm-link';
import { LiveDesk } from '../../cti-gateway/src/app/live-desk';
import { PopTrail } from '../../cti-gateway/src/app/pop-trail';
import { CallBook } from '../../cti-gateway/src/domain/call/call-book';
import type { AgentChannel, Audience } from '../../cti-gateway/src/ports/agent-channel';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { silentTelemetry } from '../../cti-gateway/src/ports/telemetry';
import { ManualClock } from '../fakes/manual-clock';
import { FakePbx } from '../fakes/pbx';
import { MODEL, recordedEvents, recordingNames } from '../replay/recordings';

interface Told {
  readonly extension: string;
  readonly type: string;
  readonly callId: string;
  readonly state: string;
  readonly outcome: string | null;
}

/** What the panels of all agents would have been told during a recorded stream, in order. */
function replayFrames(name: string): Told[] {
  const told: Told[] = [];
  const channel: AgentChannel = {
    connected: () => 1,
    send<T extends EventType>(audience: Audience, type: T, data: EventData<T>): number {
      const call = (data as { call?: CallView }).call;
      if (call === undefined) return 1;
      if (typeof audience !== 'object' || !('extension' in audience)) throw new Error(`${type} to more than one agent`);
      told.push({ extension: audience.extension, type, callId: call.callId, state: call.state, outcome: call.outcome });
      return 1;
    },
  };
  const clock = new ManualClock(0);
  const trail = new PopTrail(clock);
  const link = new CrmLink({ ping: () => Promise.resolve(false) }, clock);
  const common = { clock, log: silentLog, telemetry: silentTelemetry, trail };
  const matching = new CallerMatching({
    ...common,
    crm: { match: () => new Promise(() => undefined) },
    link,
    describe: () => ({ key: null, numberClass: 'unknown' }),
  });
  const desk = new LiveDesk({ ...common, channel, matching, dialRingMs: 30_000, queueRingMs: null });
  const presence = new AgentPresence({ pbx: new FakePbx(clock), queue: 'hotline', channel, clock, log: silentLog, signOutAfterMs: 1 });
  const book = new CallBook(MODEL);
  for (const event of recordedEvents(name)) {
    for (const effect of book.apply(event)) {
      if (effect.type !== 'event.ignored' && effect.type !== 'call.ended') matching.follow(effect.call);
      desk.apply(effect);
    }
    presence.apply(event);
  }
  desk.close();
  matching.close();
  return told;
}

/** `2001 offered alerting`; changes of detail in the same state, and later news of an ended call, left out. */
function story(name: string): string[] {
  const over = new Set<string>();
  const lines = replayFrames(name).flatMap(({ extension, type, callId, state, outcome }) => {
    const key = `${extension} ${callId}`;
    if (type === 'call.changed' && over.has(key)) return [];
    if (state === 'ended') over.add(key);
    else over.delete(key);
    return [[extension, type.replace('call.', ''), outcome ?? state].join(' ')];
  });
  const last = new Map<string, string>();
  return lines.filter((line) => {
    const extension = line.split(' ', 1)[0] ?? '';
    const repeated = last.get(extension) === line;
    last.set(extension, line);
    return !repeated;
  });
}

const answeredBy = (extension: string): string[] => [
  `${extension} offered alerting`,
  `${extension} changed connected`,
  `${extension} ended answered`,
];
const placedBy = (extension: string): string[] => [
  `${extension} changed initiated`,
  `${extension} changed delivered`,
  `${extension} changed connected`,
  `${extension} ended answered`,
];

/** Read off the summaries, one line per thing that an agent sees happen. */
const STORIES: Readonly<Record<string, readonly string[]>> = {
  '01-queue-answered-caller-hangup': answeredBy('2001'),
  '02-queue-answered-agent-hangup': answeredBy('2001'),
  '03-queue-abandoned-answered-leg': ['2001 offered alerting', '2001 withdrawn abandoned'],
  '04-queue-abandoned-cancel-unanswered-leg': ['2001 offered alerting', '2001 withdrawn abandoned'],
  '05-queue-ringnoanswer-then-second-agent': ['2001 offered alerting', '2001 withdrawn no_answer', ...answeredBy('2002')],
  '06-queue-no-member-timeout-exit': [],
  '07-ringall-two-agents': [
    '2001 offered alerting',
    '2002 offered alerting',
    '2002 changed connected',
    '2001 withdrawn answered_elsewhere',
    '2002 ended answered',
  ],
  '08-mixmonitor-recording': answeredBy('2001'),
  '09-hold-unhold-by-agent-reinvite': [
    '2001 offered alerting',
    '2001 changed connected',
    '2001 changed hold',
    '2001 changed connected',
    '2001 ended answered',
  ],
  '15-member-unreachable': answeredBy('2002'),
  '16-caller-anonymous': answeredBy('2001'),
  '17-pause-unpause-penalty': [],
  '20-click2dial-ami-originate': placedBy('2001'),
  '21-click2dial-ami-agent-noanswer': ['2001 changed initiated', '2001 ended no_answer'],
  '22-click2dial-ami-agent-busy': ['2001 changed initiated', '2001 ended busy'],
  '24-click2dial-ami-customer-busy': ['2001 changed initiated', '2001 changed delivered', '2001 ended busy'],
  '25-click2dial-ami-customer-404': ['2001 changed initiated', '2001 changed delivered', '2001 ended unreachable'],
  '26-click2dial-ami-customer-noanswer-agent-gives-up': ['2001 changed initiated', '2001 changed delivered', '2001 ended cancelled'],
  // The customer was given music by ARI for a second.
  '30-click2dial-ari': [
    '2001 changed initiated',
    '2001 changed delivered',
    '2001 changed connected',
    '2001 changed hold',
    '2001 changed connected',
    '2001 ended answered',
  ],
  '33-ari-click2dial-agent-noanswer': ['2001 changed initiated', '2001 ended no_answer'],
  '35-agent-dials-outbound-itself': placedBy('2001'),
  '40-webrtc-queue-call': [
    '1001 offered alerting',
    '1001 changed connected',
    '1001 changed hold',
    '1001 changed connected',
    '1001 ended answered',
  ],
  '41-webrtc-dtmf-outbound-call': ['1001 changed initiated', '1001 changed connected', '1001 ended answered'],
  '43-webrtc-click2dial-ari': placedBy('1001'),
  '45-webrtc-mic-to-recording-1001': answeredBy('1001'),
  '45-webrtc-mic-to-recording-1003': answeredBy('1003'),
  '66-dtmf-events': answeredBy('2001'),
  // The page was loaded again in the middle: one call, and nothing that looks like another.
  'reload-replaces': [
    '1001 offered alerting',
    '1001 changed connected',
    '1001 changed hold',
    '1001 changed connected',
    '1001 ended answered',
  ],
};

describe('recorded calls as the agents see them', () => {
  it.each(Object.entries(STORIES))('%s', (name, expected) => {
    expect(story(name)).toEqual(expected);
  });

  it.each(recordingNames())('%s: every call begins once, ends once, and stays ended', (name) => {
    const states = new Map<string, 'live' | 'over'>();
    for (const { extension, callId, type, state } of replayFrames(name)) {
      const key = `${extension} ${callId}`;
      const before = states.get(key);
      if (before === undefined) expect(['call.offered', 'call.changed']).toContain(type);
      if (type === 'call.ended' || type === 'call.withdrawn') expect([before, state]).toEqual(['live', 'ended']);
      if (before === 'over' && type !== 'call.offered') expect([type, state]).toEqual(['call.changed', 'ended']);
      states.set(key, state === 'ended' ? 'over' : 'live');
    }
  });
});
