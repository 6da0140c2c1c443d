import type { GeneratedPbx } from './generated-pbx';
import type { Plan, Truth } from './generated-plans';
import { talk } from './generated-talk';
import type { Desk } from './generated-words';

const LINE = { line: '02066668888', areaCode: '20' };
const RING_MS = 2_000;

/** A customer calls, waits in the queue while agents are rung, and talks with the one who answers, or gives up. */
export function queueCall(pbx: GeneratedPbx, plan: Plan, number: string, desk: Desk): Truth {
  const startedAtMs = pbx.nowMs + 1;
  const caller = pbx.create('trunk', { number, exten: LINE.line });
  pbx.set(caller, { entryChannelId: caller, direction: 'inbound', ...LINE });
  pbx.tellCel(caller);
  pbx.state(caller, 'up');
  pbx.begin(caller, 'Queue', 'hotline,t,,,600');
  pbx.tell({ type: 'queue.joined', channel: pbx.ref(caller), queue: 'hotline', position: 1, waiting: 1 });
  pbx.music(caller, true);
  const givesUpAtMs = pbx.nowMs + plan.patienceMs;
  const told = { callId: caller, direction: 'inbound', number, startedAtMs };
  for (let turn = 0; pbx.nowMs < givesUpAtMs; turn += 1) {
    const extension = desk.free(pbx.nowMs);
    if (extension === null) {
      pbx.wait(Math.min(500, givesUpAtMs - pbx.nowMs));
      continue;
    }
    const how = plan.rings[Math.min(turn, plan.rings.length - 1)];
    const member = callMember(pbx, caller, extension);
    const ringsMs = how === 'silent' ? RING_MS : 400;
    if (pbx.nowMs + ringsMs > givesUpAtMs) {
      pbx.wait(Math.max(0, givesUpAtMs - pbx.nowMs));
      abandon(pbx, caller, member);
      desk.busyUntil(extension, pbx.nowMs);
      return { ...told, outcome: 'abandoned', agent: null, endedBy: 'customer', endedAtMs: pbx.nowMs };
    }
    pbx.wait(ringsMs);
    if (how === 'answers') {
      const bridge = connectMember(pbx, caller, member);
      return { ...told, outcome: 'answered', ...talk(pbx, plan, { caller, agent: member, extension, bridge, desk }), endedAtMs: pbx.nowMs };
    }
    ringsInVain(pbx, caller, member, how === 'declines');
    desk.busyUntil(extension, pbx.nowMs);
    pbx.wait(300);
  }
  abandon(pbx, caller, null);
  return { ...told, outcome: 'abandoned', agent: null, endedBy: 'customer', endedAtMs: pbx.nowMs };
}

function pairOf(pbx: GeneratedPbx, caller: string, member: string) {
  const { channelName } = pbx.ref(member);
  return {
    channel: pbx.ref(caller),
    member: pbx.ref(member),
    queue: 'hotline',
    interface: channelName.slice(0, channelName.lastIndexOf('-')),
  };
}

function callMember(pbx: GeneratedPbx, caller: string, extension: string): string {
  const member = pbx.create(extension, { number: extension, exten: 's', linkedId: caller, application: 'AppQueue' });
  pbx.inherit(caller, member);
  pbx.tell({ type: 'queue.memberCalled', ...pairOf(pbx, caller, member) });
  pbx.tell({ type: 'dial.begun', from: pbx.ref(caller), to: pbx.ref(member), dialString: `PJSIP/${extension}` });
  pbx.state(member, 'ringing');
  pbx.tell({ type: 'dial.ringing', from: pbx.ref(caller), to: pbx.ref(member) });
  return member;
}

function ringsInVain(pbx: GeneratedPbx, caller: string, member: string, declined: boolean): void {
  const cause = declined ? 21 : 0;
  if (declined) pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(member), requestedBy: 'peer', cause });
  pbx.tell({ type: 'dial.ended', from: pbx.ref(caller), to: pbx.ref(member), result: 'no_answer' });
  pbx.tell({ type: 'queue.memberRingNoAnswer', ...pairOf(pbx, caller, member), ringMs: RING_MS });
  pbx.gone(member, cause, declined ? pbx.ref(member).channelName : null);
}

function abandon(pbx: GeneratedPbx, caller: string, ringing: string | null): void {
  const name = pbx.ref(caller).channelName;
  pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(caller), requestedBy: 'peer', cause: null });
  pbx.music(caller, false);
  if (ringing !== null) {
    pbx.tell({ type: 'dial.ended', from: pbx.ref(caller), to: pbx.ref(ringing), result: 'cancel' });
    pbx.gone(ringing, 0, null);
  }
  pbx.tell({ type: 'queue.abandoned', channel: pbx.ref(caller), queue: 'hotline' });
  pbx.end(caller);
  pbx.tell({ type: 'queue.left', channel: pbx.ref(caller), queue: 'hotline', waiting: 0 });
  pbx.gone(caller, 0, name, 'CANCEL');
}

function connectMember(pbx: GeneratedPbx, caller: string, member: string): string {
  const bridge = `bridge-${member}`;
  pbx.state(member, 'up');
  pbx.tell({ type: 'dial.ended', from: pbx.ref(caller), to: pbx.ref(member), result: 'answer' });
  pbx.music(caller, false);
  pbx.record(member, `2026/11/21/${caller}.wav`);
  pbx.tell({ type: 'queue.left', channel: pbx.ref(caller), queue: 'hotline', waiting: 0 });
  pbx.tell({ type: 'queue.memberConnected', ...pairOf(pbx, caller, member), holdMs: 0, ringMs: 0 });
  pbx.enter(member, bridge);
  pbx.enter(caller, bridge);
  return bridge;
}
