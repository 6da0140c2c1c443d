import type { GeneratedPbx } from './generated-pbx';

const AGENTS = ['1001', '1002', '1003', '1004', '1005'];

/** Who is in no call; a telephone is in one at a time. */
export class Desk {
  issued = 0;
  private readonly freeAt = new Map<string, number>();

  free(atMs: number): string | null {
    return AGENTS.find((extension) => (this.freeAt.get(extension) ?? 0) + 200 <= atMs) ?? null;
  }

  busyUntil(extension: string, atMs: number): void {
    this.freeAt.set(extension, atMs);
  }
}

export function hangUp(pbx: GeneratedPbx, first: string, second: string, bridge: string, byFirst: boolean): void {
  const [ends, other] = byFirst ? [first, second] : [second, first];
  const source = pbx.ref(ends).channelName;
  pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(ends), requestedBy: 'peer', cause: 16 });
  pbx.leave(ends, bridge);
  pbx.leave(other, bridge);
  pbx.tell({ type: 'channel.hangupRequested', channel: pbx.ref(other), requestedBy: 'dialplan', cause: null });
  if (pbx.of(first).application !== '') pbx.end(first);
  pbx.gone(other, 16, source, 'ANSWER');
  pbx.gone(ends, 16, source, 'ANSWER');
}

export function dialFrom(
  pbx: GeneratedPbx,
  from: string,
  endpoint: string,
  { number, dialString }: { number: string; dialString: string },
): string {
  const to = pbx.create(endpoint, { number, exten: 's', linkedId: pbx.ref(from).linkedId, application: 'AppDial' });
  pbx.inherit(from, to);
  pbx.tell({ type: 'dial.begun', from: pbx.ref(from), to: pbx.ref(to), dialString });
  pbx.state(to, 'ringing');
  pbx.tell({ type: 'dial.ringing', from: pbx.ref(from), to: pbx.ref(to) });
  return to;
}

export function answerDial(pbx: GeneratedPbx, from: string, to: string): string {
  const bridge = `bridge-${to}`;
  pbx.state(to, 'up');
  pbx.tell({ type: 'dial.ended', from: pbx.ref(from), to: pbx.ref(to), result: 'answer' });
  if (pbx.ref(from).state !== 'up') pbx.state(from, 'up');
  pbx.enter(to, bridge);
  pbx.enter(from, bridge);
  return bridge;
}
