import type { CelRecord } from '../../cti-gateway/src/adapters/asterisk/cel/cel-record';
import type { GeneratedPbx } from './generated-pbx';
import type { Plan } from './generated-plans';
import { answerDial, dialFrom, hangUp, type Desk } from './generated-words';

export interface Talk {
  readonly caller: string;
  readonly agent: string;
  readonly extension: string;
  readonly bridge: string;
  readonly desk: Desk;
}

/** From the connection to the end; who talked last and who hung up. */
export function talk(pbx: GeneratedPbx, plan: Plan, { caller, agent, extension, bridge, desk }: Talk): { agent: string; endedBy: string } {
  for (let hold = 0; hold < plan.holds; hold += 1) {
    pbx.wait(plan.talkMs);
    pbx.tell({ type: 'hold.begun', channel: pbx.ref(agent) });
    pbx.music(caller, true);
    pbx.wait(700);
    pbx.music(caller, false);
    pbx.tell({ type: 'hold.ended', channel: pbx.ref(agent) });
  }
  pbx.wait(plan.talkMs);
  const other = plan.passesOn === 'no' ? null : (desk.busyUntil(extension, Infinity), desk.free(pbx.nowMs));
  if (other !== null) return passOn(pbx, plan, { caller, agent, extension, bridge, desk }, other);
  hangUp(pbx, caller, agent, bridge, plan.customerEnds);
  desk.busyUntil(extension, pbx.nowMs);
  return { agent: extension, endedBy: plan.customerEnds ? 'customer' : 'agent' };
}

/** By REFER: the agent is out at once, and the customer rings the other. */
function passOn(
  pbx: GeneratedPbx,
  plan: Plan,
  { caller, agent, extension, bridge, desk }: Talk,
  other: string,
): { agent: string; endedBy: string } {
  pbx.tell({ type: 'transfer.blind', channel: pbx.ref(agent), transferee: pbx.ref(caller), exten: other, done: true });
  const { channelName: transfereeName, channelId: transfereeId } = pbx.ref(caller);
  pbx.cel.push({
    ...celOf(pbx, agent, 'BLINDTRANSFER'),
    extra: {
      extension: other,
      context: 'internal',
      bridge_id: bridge,
      transferee_channel_name: transfereeName,
      transferee_channel_uniqueid: transfereeId,
    },
  });
  pbx.leave(caller, bridge);
  pbx.leave(agent, bridge);
  pbx.gone(agent, 16, null);
  desk.busyUntil(extension, pbx.nowMs);
  pbx.end(caller);
  pbx.begin(caller, 'Dial', `PJSIP/${other},30`);
  const target = dialFrom(pbx, caller, other, { number: other, dialString: other });
  pbx.wait(400);
  if (plan.passesOn === 'silent') {
    const name = pbx.ref(caller).channelName;
    pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(caller), requestedBy: 'peer', cause: 16 });
    pbx.tell({ type: 'dial.ended', from: pbx.ref(caller), to: pbx.ref(target), result: 'cancel' });
    pbx.gone(target, 0, null);
    pbx.end(caller);
    pbx.gone(caller, 16, name, 'CANCEL');
    desk.busyUntil(other, pbx.nowMs);
    return { agent: extension, endedBy: 'customer' };
  }
  const second = answerDial(pbx, caller, target);
  pbx.wait(plan.talkMs);
  hangUp(pbx, caller, target, second, plan.customerEnds);
  desk.busyUntil(other, pbx.nowMs);
  return { agent: other, endedBy: plan.customerEnds ? 'customer' : 'agent' };
}

function celOf(pbx: GeneratedPbx, id: string, type: string): CelRecord {
  const { channelId, channelName, linkedId, callerNumber, exten } = pbx.ref(id);
  const { application, applicationData } = pbx.of(id);
  return {
    type,
    name: '',
    atMs: pbx.nowMs,
    channelName,
    channelId,
    linkedId,
    callerNumber: callerNumber ?? '',
    callerName: '',
    exten: exten ?? '',
    context: '',
    application,
    applicationData,
    extra: {},
  };
}
