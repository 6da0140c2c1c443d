import type { GeneratedPbx } from './generated-pbx';
import type { Plan, Truth } from './generated-plans';
import { answerDial, dialFrom, hangUp, type Desk } from './generated-words';

const LINE = { line: '02066668888', areaCode: '20' };

const FAR = {
  busy: { cause: 17, result: 'busy', status: 'BUSY', outcome: 'busy', endedBy: 'customer' },
  declines: { cause: 21, result: 'no_answer', status: 'NOANSWER', outcome: 'declined', endedBy: 'customer' },
  unknown: { cause: 1, result: 'no_answer', status: 'NOANSWER', outcome: 'unreachable', endedBy: 'system' },
  silent: { cause: 0, result: 'no_answer', status: 'NOANSWER', outcome: 'no_answer', endedBy: 'system' },
} as const;

/** A click to dial, or a colleague called; null when all agents are busy. */
export function dialledCall(pbx: GeneratedPbx, plan: Plan, number: string, desk: Desk): Truth | null {
  const extension = desk.free(pbx.nowMs);
  if (extension === null) return null;
  desk.busyUntil(extension, Infinity);
  const colleague = plan.kind === 'internal' ? desk.free(pbx.nowMs) : null;
  if (plan.kind === 'internal' && colleague === null) {
    desk.busyUntil(extension, pbx.nowMs - 200);
    return null;
  }
  const startedAtMs = pbx.nowMs + 1;
  const remote = colleague ?? number;
  const first = colleague === null ? clicked(pbx, extension, number) : dialled(pbx, extension, colleague);
  pbx.begin(first, 'Dial', colleague === null ? `PJSIP/${number}@trunk,45` : `PJSIP/${colleague},30`);
  const second = dialFrom(pbx, first, colleague ?? 'trunk', { number: remote, dialString: colleague ?? `${number}@trunk` });
  pbx.wait(500);
  const told = {
    callId: first,
    direction: colleague === null ? 'outbound' : 'internal',
    number: colleague ?? number,
    startedAtMs,
    agent: extension,
  };
  let ended: { outcome: string; endedBy: string };
  if (plan.far === 'answers' || colleague !== null) {
    const bridge = answerDial(pbx, first, second);
    if (colleague === null) pbx.record(second, `2026/11/21/${first}.wav`);
    pbx.wait(plan.talkMs);
    hangUp(pbx, first, second, bridge, colleague !== null || !plan.customerEnds);
    ended = { outcome: 'answered', endedBy: colleague !== null || !plan.customerEnds ? 'agent' : 'customer' };
  } else {
    ended = notReached(pbx, first, second, FAR[plan.far], plan.talkMs % 150);
  }
  desk.busyUntil(extension, pbx.nowMs);
  if (colleague !== null) desk.busyUntil(colleague, pbx.nowMs);
  return { ...told, ...ended, endedAtMs: pbx.nowMs };
}

function clicked(pbx: GeneratedPbx, extension: string, number: string): string {
  const dialId = `click${number.slice(-4)}`;
  const id = pbx.create(extension, { id: `dial-${dialId}`, number: extension, exten: 's', application: 'AppDial2' });
  pbx.tell({ type: 'dial.begun', from: null, to: pbx.ref(id), dialString: extension });
  pbx.state(id, 'ringing');
  pbx.tell({ type: 'dial.ringing', from: null, to: pbx.ref(id) });
  pbx.wait(400);
  pbx.state(id, 'up');
  pbx.tell({ type: 'dial.ended', from: null, to: pbx.ref(id), result: 'answer' });
  pbx.set(id, { entryChannelId: id, direction: 'outbound', ...LINE, dialId, dialledNumber: number });
  pbx.tellCel(id);
  return id;
}

function dialled(pbx: GeneratedPbx, extension: string, colleague: string): string {
  const id = pbx.create(extension, { number: extension, exten: colleague });
  pbx.set(id, { entryChannelId: id, direction: 'internal' });
  pbx.tellCel(id);
  return id;
}

function notReached(
  pbx: GeneratedPbx,
  first: string,
  second: string,
  far: (typeof FAR)[keyof typeof FAR],
  slowMs: number,
): { outcome: string; endedBy: string } {
  const source = pbx.ref(second).channelName;
  const said = far.cause !== 0;
  if (said) pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(second), requestedBy: 'peer', cause: far.cause });
  pbx.tell({ type: 'dial.ended', from: pbx.ref(first), to: pbx.ref(second), result: far.result });
  pbx.end(first);
  // on a busy machine
  pbx.wait(slowMs);
  pbx.gone(second, far.cause, said ? source : null);
  pbx.wait(3_000);
  pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(first), requestedBy: 'dialplan', cause: 16 });
  pbx.gone(first, far.cause === 0 ? 19 : far.cause, 'dialplan/builtin', far.status);
  return { outcome: far.outcome, endedBy: far.endedBy };
}
