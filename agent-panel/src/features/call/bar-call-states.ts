import type { AfterCall, CallView, Consult } from '../../../../cti-gateway/protocol';
import { NONE, NO_END, QUIET, agentZone, disc, timeOf } from './bar-parts';
import type { BarInput, BarModel, Phrase } from './bar-types';

export function ringing(input: BarInput, call: CallView): BarModel {
  const rings = timeOf(call.alertingAt);
  const canAnswer = input.browserPhone;
  return {
    ...QUIET,
    state: 'ringing',
    tint: 'amber',
    disc: disc('amber', 'in', true),
    call,
    agent:
      agentZone(input, null).dot === ''
        ? { ...agentZone(input, null), detail: { key: 'presence.ringing' }, sinceMs: null }
        : agentZone(input, null),
    title: { key: 'bar.ringing' },
    detail: canAnswer ? [] : [{ key: 'bar.answerOnPhone' }],
    timer: rings === null ? null : { sinceMs: rings, frozenAtMs: null, label: 'bar.ring' },
    main: canAnswer ? { action: 'answer', label: 'bar.answer', tone: 'green' } : NONE,
    end: { action: 'decline', label: 'bar.decline' },
  };
}

export function ringingOut(input: BarInput, call: CallView | null): BarModel {
  const since = call === null ? input.dialSinceMs : timeOf(call.enteredAt);
  return {
    ...QUIET,
    state: 'ringing-out',
    tint: 'amber',
    disc: disc('amber', 'out'),
    call,
    agent: agentZone(input, 'presence.dialling'),
    title: { key: 'bar.calling' },
    detail: [{ key: call?.state === 'delivered' ? 'bar.farRings' : 'bar.ownRings' }],
    timer: since === null ? null : { sinceMs: since, frozenAtMs: null, label: 'bar.ring' },
    end: call === null ? NO_END : { action: 'cancel', label: 'bar.cancel' },
    keypad: { enabled: call?.state === 'delivered' },
  };
}

export function talking(input: BarInput, call: CallView): BarModel {
  const elsewhere = input.browserPhone && !input.ownsPhone && input.session !== null;
  const held = call.state === 'hold';
  const answered = timeOf(call.answeredAt);
  const heldSince = timeOf(call.heldSince);
  const muted = call.muted || (input.session?.state === 'active' && input.session.muted);
  const details: Phrase[] = [{ key: `direction.${call.direction}` }];
  if (call.passedOn != null && call.passedOn.fromExtension !== input.extension)
    details.unshift({ key: call.passedOn.asking ? 'bar.askedBy' : 'bar.passedOnBy', params: { name: call.passedOn.fromName } });
  if (elsewhere) details.push({ key: 'bar.soundElsewhere' });
  else if (held) details.push({ key: 'bar.customerHears' });
  else if (call.recordingPaused === true) details.push({ key: 'bar.recordingPaused' });
  else if (call.recording) details.push({ key: 'bar.recording' });
  return {
    state: held ? 'hold' : elsewhere ? 'other-tab' : 'in-call',
    tint: held ? 'violet' : 'green',
    disc: held ? disc('hold', 'pause') : elsewhere ? disc('green', 'tab') : disc('green', call.direction === 'outbound' ? 'out' : 'in'),
    call,
    agent: agentZone(input, held ? 'presence.onHold' : 'presence.inCall'),
    title: { key: held ? 'bar.onHold' : 'bar.inCall' },
    detail: details,
    timer:
      held && heldSince !== null
        ? { sinceMs: heldSince, frozenAtMs: null, label: 'bar.hold' }
        : answered === null
          ? null
          : { sinceMs: answered, frozenAtMs: null, label: 'bar.talk' },
    main: elsewhere ? { action: 'bring-here', label: 'bar.bringHere', tone: 'primary' } : NONE,
    end: { action: 'hangup', label: 'bar.hangup' },
    mute: { enabled: true, on: muted },
    hold: { enabled: input.session !== null, on: held },
    transfer: { enabled: input.mayTransfer && call.passedOn?.asking !== true, swap: false },
    conference: { enabled: false, on: false },
    record: recordSlot(input, call),
    keypad: { enabled: !held },
  };
}

function recordSlot(input: BarInput, call: CallView): BarModel['record'] {
  return { enabled: input.mayPauseRecording && call.recording, on: call.recordingPaused === true };
}

/** A colleague is asked, or all three talk together; the call is still this agent's. */
export function consulting(input: BarInput, call: CallView, consult: Consult): BarModel {
  const base = talking(input, call);
  const together = consult.state === 'conference';
  const calling = consult.state === 'calling';
  return {
    ...base,
    state: together ? 'conference' : 'consulting',
    tint: 'violet',
    disc: disc('violet', together ? 'users' : 'swap'),
    agent: agentZone(input, together ? 'presence.conference' : 'presence.consulting'),
    title: {
      key: together
        ? 'bar.conference'
        : calling
          ? 'bar.consultCalling'
          : consult.state === 'customer'
            ? 'bar.consultCustomer'
            : 'bar.consulting',
    },
    detail: together
      ? [{ key: 'bar.conferenceLeave' }]
      : [{ key: consult.customerHeldSince === null ? 'bar.targetHears' : 'bar.customerHears' }, { key: 'bar.contextTravels' }],
    timer: {
      sinceMs: Date.parse(consult.since),
      frozenAtMs: null,
      label: together ? 'bar.talk' : calling ? 'bar.ring' : 'bar.consultTime',
    },
    main: together ? base.main : { action: 'hand-over', label: 'bar.handOver', tone: 'primary' },
    end: together ? { action: 'hangup', label: 'bar.leave' } : { action: 'back', label: 'bar.back' },
    hold: { enabled: false, on: false },
    transfer: { enabled: !together && !calling, swap: true },
    conference: { enabled: !together && !calling, on: together },
    keypad: { enabled: !calling },
  };
}

export function ended(input: BarInput, call: CallView): BarModel {
  const answered = timeOf(call.answeredAt);
  const end = timeOf(call.endedAt);
  return {
    ...QUIET,
    state: 'ended',
    tint: 'teal',
    disc: disc('teal', 'edit'),
    call,
    agent: agentZone(input, null),
    title: { key: 'bar.ended' },
    detail: howItEnded(input, call),
    timer: answered === null || end === null ? null : { sinceMs: answered, frozenAtMs: end, label: 'bar.talk' },
    main: { action: 'finish', label: 'bar.finish', tone: 'teal' },
  };
}

/** Passed on, or by whom it was ended. */
function howItEnded({ extension }: BarInput, { passedOn, outcome, endedBy }: CallView): Phrase[] {
  const passed = passedOn != null && passedOn.fromExtension === extension && !passedOn.asking && passedOn.returned === null;
  const end = outcome === 'lost_contact' ? 'lost' : (endedBy ?? 'unknown');
  return [{ key: passed ? 'bar.passedOn' : `endedBy.${end}` }, { key: 'bar.recordOpen' }];
}

/** 话后处理: time to write, counted down by the gateway. */
export function wrappingUp(input: BarInput, wrapUp: NonNullable<AfterCall['wrapUp']>): BarModel {
  const call = input.wrapUp;
  const standsUntil = Date.parse(wrapUp.standsUntil);
  // A wrap-up that has just begun says the gateway's own present, which may be ahead of ours: nobody has typed yet.
  const stands = standsUntil > Date.parse(wrapUp.since) && standsUntil > input.nowMs;
  const until = Date.parse(wrapUp.until);
  const over = call === null ? [] : howItEnded(input, call);
  return {
    ...QUIET,
    state: 'ended',
    tint: 'teal',
    disc: disc('teal', 'edit'),
    call,
    agent: agentZone(input, 'presence.afterCall'),
    title: { key: 'bar.ended' },
    detail: stands ? [...over, { key: 'bar.clockStands' }] : over,
    timer: { sinceMs: Date.parse(wrapUp.since), frozenAtMs: stands ? standsUntil : null, label: 'bar.left', downToMs: until },
    main: { action: 'finish', label: 'bar.finish', tone: 'teal' },
    hold: { enabled: until < Date.parse(wrapUp.limit), on: false, extends: true },
  };
}
