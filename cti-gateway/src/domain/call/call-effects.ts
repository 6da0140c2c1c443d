import type { Call, CallEffect, Leg } from './call';

/** What changed between two looks at a call, as effects in their documented order. */
export function effectsBetween(before: Call | null, after: Call): CallEffect[] {
  const effects: CallEffect[] = before === null ? [{ type: 'call.entered', call: after }] : [];
  for (const leg of after.legs) {
    effects.push(...legEffects(before?.legs.find((other) => other.channelId === leg.channelId) ?? null, leg, after));
  }
  if (after.phase === 'ended') effects.push({ type: 'call.ended', call: after });
  else if (before !== null && callDiffers(before, after)) effects.push({ type: 'call.changed', call: after });
  return effects;
}

function legEffects(before: Leg | null, leg: Leg, call: Call): CallEffect[] {
  const effects: CallEffect[] = [];
  const live = leg.endedAtMs === null;
  if (live && !leg.placed && before?.alertingAtMs == null && leg.alertingAtMs !== null && leg.answeredAtMs === null)
    effects.push({ type: 'leg.alerting', call, leg });
  if (before?.connectedAtMs == null && leg.connectedAtMs !== null) effects.push({ type: 'leg.connected', call, leg });
  if (before?.endedAtMs == null && leg.endedAtMs !== null) effects.push({ type: 'leg.ended', call, leg });
  else if (before !== null && effects.length === 0 && legDiffers(before, leg)) effects.push({ type: 'leg.changed', call, leg });
  return effects;
}

function legDiffers(before: Leg, after: Leg): boolean {
  return (
    before.answeredAtMs !== after.answeredAtMs ||
    before.heldSinceMs !== after.heldSinceMs ||
    before.result !== after.result ||
    before.consultedBy !== after.consultedBy ||
    before.talkingTo.join() !== after.talkingTo.join() ||
    before.awayFrom.join() !== after.awayFrom.join()
  );
}

function callDiffers(before: Call, after: Call): boolean {
  const plain: readonly (keyof Call)[] = [
    'phase',
    'direction',
    'line',
    'areaCode',
    'trunk',
    'context',
    'remoteNumber',
    'remoteName',
    'dialId',
    'recording',
    'callerMark',
    'answeredAtMs',
    'complete',
    'conference',
  ];
  const listed: readonly (keyof Call)[] = ['queueVisits', 'transfers', 'parkings'];
  return (
    plain.some((field) => before[field] !== after[field]) ||
    before.legs.length !== after.legs.length ||
    before.linkedIds.length !== after.linkedIds.length ||
    before.recordings.length !== after.recordings.length ||
    listed.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
  );
}
