import type { PhoneAccount, Snapshot } from '../../protocol';
import type { Agent } from './agent';
import type { AgentPresence } from './agent-presence';
import type { GatewayHealth } from './gateway-health';
import type { LiveDesk } from './live-desk';
import type { ParkedCalls } from './parked-calls';
import type { QueueDepths } from './queue-depths';
import type { WrapUp } from './wrap-up';

export interface SnapshotSources {
  readonly presence: AgentPresence;
  readonly wrapUp: WrapUp;
  readonly desk: LiveDesk;
  readonly health: GatewayHealth;
  readonly queues: QueueDepths;
  readonly parked: ParkedCalls;
  readonly phoneOf: (extension: string) => PhoneAccount | null;
  readonly features: Snapshot['features'];
}

/** Everything one agent's panel needs to be right, whatever it showed before. */
export function snapshotFor(agent: Agent, sources: SnapshotSources): Snapshot {
  const { presence, wrapUp, desk, health, queues, parked, phoneOf, features } = sources;
  const { userId, displayName, role, extension } = agent;
  return {
    agent: { userId, displayName, role, extension },
    phone: extension === null ? null : phoneOf(extension),
    presence: extension === null ? { state: 'offline' } : presence.presenceOf(extension),
    afterCall: extension === null ? { wrapUp: null, next: null } : wrapUp.of(extension),
    device: extension === null ? 'unknown' : presence.deviceOf(extension),
    health: health.current(),
    calls: extension === null ? [] : [...desk.callsOf(extension)],
    queues: queues.current(),
    parked: parked.current(),
    features,
  };
}
