import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { CtiTicket } from '../../../../crm-core/contract';
import type {
  AfterCall,
  AgentIdentity,
  DeviceState,
  EventData,
  Health,
  ParkedCall,
  PhoneAccount,
  Presence,
  QueueDepth,
  Snapshot,
} from '../../../../cti-gateway/protocol';
import { asApiError } from '../../app/api-client';
import { useServices } from '../../app/services';
import type { MicrophoneState, PhoneCommand, PhoneResult, Softphone, SoftphoneStatus } from '../../softphone';
import { leaderPhone } from '../../softphone/leader-phone';
import type { Handover } from './handover';
import { readDeviceChoice } from '../settings/device-choice';
import {
  SignedOutError,
  type CommandResult,
  type ConnectionState,
  type CtiClient,
  type HandoverResult,
  type Leadership,
  type TabRole,
} from '../../transport';

const HANDOVER_TRIES = 40;
const HANDOVER_EVERY_MS = 200;

const MICROPHONE_FAILURES: ReadonlySet<MicrophoneState> = new Set<MicrophoneState>([
  'microphone_denied',
  'microphone_missing',
  'microphone_busy',
  'microphone_insecure',
  'microphone_failed',
]);

function gatewayUrl(ticket: CtiTicket): string {
  if (ticket.url !== null) return ticket.url;
  const { protocol, hostname } = globalThis.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${hostname}:${ticket.port}/cti`;
}

/**
 * The line to the telephone system as this window sees it: the gateway's session (whose truth is shown), which window owns the
 * telephone, and the telephone itself (only a device). Calls are in `call.store`, which is fed from here.
 */
export const useCtiStore = defineStore('cti', () => {
  const connection = shallowRef<ConnectionState>({ name: 'idle' });
  const everOpen = ref(false);
  /** Last moment the gateway was known to be there. */
  const lastCertainAtMs = ref<number | null>(null);
  const lostSinceMs = ref<number | null>(null);

  const agent = shallowRef<AgentIdentity | null>(null);
  const account = shallowRef<PhoneAccount | null>(null);
  const presence = shallowRef<Presence>({ state: 'offline' });
  /** Wrap-up and what was chosen for after it, as the gateway keeps it. */
  const afterCall = shallowRef<AfterCall>({ wrapUp: null, next: null });
  const device = ref<DeviceState>('unknown');
  const health = shallowRef<Health | null>(null);
  const queues = shallowRef<readonly QueueDepth[]>([]);
  const parked = shallowRef<readonly ParkedCall[]>([]);
  const features = shallowRef<Snapshot['features']>({ testCall: false, wrapUp: true, lines: [] });

  const role = ref<TabRole>('electing');
  const ownStatus = shallowRef<SoftphoneStatus | null>(null);
  const leaderStatus = shallowRef<SoftphoneStatus | null>(null);

  let client: CtiClient | null = null;
  let phone: Softphone | null = null;
  let leadership: Leadership<SoftphoneStatus> | null = null;
  let handover: Handover | null = null;
  let origin: string | null = null;
  let releases: Array<() => void> = [];

  const open = computed(() => connection.value.name === 'open');
  const ownsPhone = computed(() => role.value === 'leader');
  const phoneStatus = computed(() => (ownsPhone.value ? ownStatus.value : (leaderStatus.value ?? null)));
  const session = computed(() => phoneStatus.value?.session ?? null);
  const microphoneRefused = computed(() => {
    const state = phoneStatus.value?.microphone;
    return account.value !== null && state !== undefined && MICROPHONE_FAILURES.has(state);
  });
  const lineLabel = (number: string | null): string | null =>
    number === null ? null : (features.value.lines.find((line) => line.number === number)?.label ?? null);

  async function getTicket(): Promise<{ ticket: string; url: string }> {
    try {
      const ticket = await useServices().api.send('POST', '/session/ticket', undefined, CtiTicket, { anonymous: true });
      const url = gatewayUrl(ticket);
      origin = new URL(url).origin;
      return { ticket: ticket.ticket, url };
    } catch (cause) {
      const failure = asApiError(cause);
      throw failure.status === 401 ? new SignedOutError() : failure;
    }
  }

  function onConnection(next: ConnectionState): void {
    const nowMs = useServices().clock.nowMs();
    if (connection.value.name === 'open' && next.name !== 'open') {
      lastCertainAtMs.value = nowMs;
      lostSinceMs.value = nowMs;
    }
    if (next.name === 'open') {
      everOpen.value = true;
      lostSinceMs.value = null;
      lastCertainAtMs.value = nowMs;
    }
    connection.value = next;
    // The telephone's own socket takes the same way, and would find out some seconds later.
    if (next.name === 'open') startPhone();
  }

  function applySnapshot(snapshot: EventData<'session.started'>): void {
    agent.value = snapshot.agent;
    account.value = snapshot.phone;
    presence.value = snapshot.presence;
    afterCall.value = snapshot.afterCall;
    device.value = snapshot.device;
    health.value = snapshot.health;
    queues.value = snapshot.queues;
    parked.value = snapshot.parked;
    features.value = snapshot.features;
    startPhone();
  }

  /** The owner of the telephone registers it; with the same account again a socket that was lost is opened now. */
  function startPhone(): void {
    if (ownsPhone.value && phone !== null && account.value !== null && origin !== null) phone.start(account.value, origin);
  }

  function onRole(next: TabRole): void {
    role.value = next;
    if (next === 'leader') startPhone();
    else if (next === 'follower') void phone?.stop();
  }

  async function joinWindows(userId: string): Promise<void> {
    const services = useServices();
    phone = await services.createPhone();
    const device = phone;
    void device.chooseDevices(readDeviceChoice(services.storage));
    ownStatus.value = device.status;
    leadership = services.createLeadership({
      userId,
      phone: leaderPhone(device),
    });
    releases.push(
      device.onStatus((status) => {
        ownStatus.value = status;
        leadership?.publish(status);
      }),
      leadership.onRole(onRole),
      leadership.onLeaderStatus((status) => (leaderStatus.value = status)),
    );
    handover = services.createHandover(userId, () => ownsPhone.value);
    onRole(leadership.role);
    leaderStatus.value = leadership.leaderStatus;
  }

  /** Once per sign-in. `wire` hangs the call store's listeners on the client before the first frame can come. */
  async function start(userId: string, wire: (client: CtiClient) => Array<() => void>): Promise<void> {
    if (client !== null) return;
    client = useServices().createClient({ getTicket });
    releases = [
      client.onState(onConnection),
      client.on('session.started', applySnapshot),
      client.on('presence.changed', (data) => (presence.value = data.presence)),
      client.on('afterCall.changed', (data) => (afterCall.value = data.afterCall)),
      client.on('device.changed', (data) => (device.value = data.device)),
      client.on('health.changed', (data) => (health.value = data.health)),
      client.on('queues.changed', (data) => (queues.value = data.queues)),
      client.on('parked.changed', (data) => (parked.value = data.parked)),
      ...wire(client),
    ];
    client.connect();
    await joinWindows(userId);
  }

  const offline: CommandResult = { ok: false, error: { code: 'offline', message: 'Not connected', retryable: true } };
  const command: CtiClient['command'] = (type, data, options) =>
    client === null ? Promise.resolve(offline) : client.command(type, data, options);

  function perform(order: PhoneCommand): Promise<PhoneResult> {
    return leadership === null ? Promise.resolve({ ok: false, reason: 'closed' }) : leadership.perform(order);
  }

  /** Moves the telephone into this window; with a living call by way of its window loading itself anew. */
  async function bringHere(): Promise<HandoverResult> {
    if (leadership === null) return { ok: false, reason: 'closed' };
    const result = await leadership.bringHere({ force: true });
    if (result.ok || result.reason !== 'in_call' || handover === null) return result;
    handover.ask();
    for (let attempt = 0; attempt < HANDOVER_TRIES; attempt += 1) {
      if (ownsPhone.value) return { ok: true };
      await new Promise<void>((resolve) => useServices().clock.schedule(HANDOVER_EVERY_MS, resolve));
    }
    return { ok: false, reason: 'no_answer' };
  }

  /** Connects again after a refusal, or now instead of later. */
  function reconnect(): void {
    client?.connect();
  }

  async function requestMicrophone(): Promise<void> {
    await phone?.requestMicrophone();
  }

  async function stop(): Promise<void> {
    for (const release of releases.splice(0)) release();
    client?.close();
    leadership?.close();
    handover?.close();
    await phone?.close();
    client = null;
    leadership = null;
    handover = null;
    phone = null;
  }

  /** The device of this window, for the settings page; null until its code is loaded. */
  const softphone = (): Softphone | null => phone;

  return {
    connection,
    everOpen,
    lastCertainAtMs,
    lostSinceMs,
    open,
    agent,
    account,
    presence,
    afterCall,
    device,
    health,
    queues,
    parked,
    features,
    lineLabel,
    role,
    ownsPhone,
    phoneStatus,
    session,
    microphoneRefused,
    start,
    stop,
    command,
    perform,
    bringHere,
    reconnect,
    requestMicrophone,
    softphone,
  };
});
