import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Snapshot } from '../protocol';
import { CrmClient } from './adapters/crm/crm-client';
import { AriCarrier } from './adapters/demo/ari-carrier';
import { GatewayHttp } from './adapters/http/gateway-http';
import { GatewayMetrics } from './adapters/http/metrics';
import { FileJournal, type JournalFiles } from './adapters/journal/file-journal';
import { CtiServer } from './adapters/ws/cti-server';
import { DEFAULT_LIMITS, type SessionLimits } from './adapters/ws/limits';
import { originAllowed } from './adapters/ws/origin-check';
import { SessionHub } from './adapters/ws/session-hub';
import { SipProxy } from './adapters/ws/sip-proxy';
import { TicketVerifier } from './adapters/ws/ticket-verifier';
import { AccountWatch } from './app/account-watch';
import { AgentPresence } from './app/agent-presence';
import { CallControl } from './app/call-control';
import { CallMarks } from './app/call-marks';
import { CallTransfer } from './app/call-transfer';
import { Consultations } from './app/consultations';
import { CallDelivery } from './app/call-delivery';
import { CallerMarks } from './app/caller-marks';
import { CallerMatching, type MatchingTiming } from './app/caller-matching';
import { CheckpointKeeper } from './app/checkpoint-keeper';
import { ClickToDial } from './app/click-to-dial';
import { createCommandHandlers } from './app/command-handlers';
import { CrmLink, type CrmLinkTiming } from './app/crm-link';
import { EventRouter } from './app/event-router';
import { GatewayHealth } from './app/gateway-health';
import { LiveDesk } from './app/live-desk';
import { ParkedCalls } from './app/parked-calls';
import { phoneBook } from './app/phone-book';
import { PopTrail } from './app/pop-trail';
import { QueueDepths } from './app/queue-depths';
import { RecordingControl } from './app/recording-control';
import { TransferTargets } from './app/transfer-targets';
import { snapshotFor } from './app/session-snapshot';
import { UnansweredRinging } from './app/unanswered-ringing';
import { WrapUp } from './app/wrap-up';
import type { GatewayConfig } from './config';
import { EXTENSION } from './domain/agent/extension';
import { CallBook } from './domain/call/call-book';
import { NumberReader } from './domain/dial/number-reader';
import type { DialClass } from './domain/dial/parsed-number';
import type { CallCheckpoints } from './ports/call-checkpoints';
import type { LiveMarks } from './ports/live-marks';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { Pbx } from './ports/pbx';

/** How long the agent's own telephone rings after a click. */
const DIAL_RING_SEC = 30;
const DIAL_CLASSES: ReadonlySet<DialClass> = new Set<DialClass>(['mobile', 'fixed', 'service', 'international', 'internal']);

/** What differs between the service and a test of it. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly pbx: Pbx;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SessionLimits>;
  readonly matchingTiming?: Partial<MatchingTiming>;
  readonly crmTiming?: Partial<CrmLinkTiming>;
  readonly journalFiles?: Partial<JournalFiles>;
  /** Where to go on from after a crash; the same that the telephone system's adapter reads. */
  readonly checkpoints?: CallCheckpoints;
  /** Marks of live calls, kept over a crash. */
  readonly liveMarks?: LiveMarks;
}

/** A running gateway. */
export interface Gateway {
  readonly port: number;
  readonly epoch: string;
  /** Tells every panel to come back later, waits for the journal, ends everything. May be called twice. */
  close(): Promise<void>;
}

/**
 * Builds the whole gateway around a telephone system and starts listening. The owner tree: whatever is made here is closed
 * here, in the opposite order.
 *
 * @throws when the port is taken or the data folder cannot be used.
 */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, pbx, clock, log } = parts;
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const epoch = randomUUID();
  const metrics = new GatewayMetrics();
  const hub = new SessionHub(epoch, clock, limits);
  const lines = new Set(config.lines.map((line) => line.number));
  const trail = new PopTrail(clock, {
    isLine: (line) => lines.size === 0 || (line !== null && lines.has(line)),
    windowsOf: (extension) => hub.windows(extension),
    agentsReady: () => presence.readyCount(),
  });
  const journal = await FileJournal.open(path.join(config.dataDir, 'journal'), log, parts.journalFiles);

  const crm = new CrmClient({ baseUrl: config.crmUrl, token: config.gatewayToken });
  const crmLink = new CrmLink(crm, clock, parts.crmTiming);
  const common = { clock, log, telemetry: metrics };
  const numbers = new NumberReader({ ...config, firstLine: config.lines[0]?.number ?? null });
  const matching = new CallerMatching({
    ...common,
    crm,
    link: crmLink,
    trail,
    describe: (raw, areaCode) => numbers.describe(raw, areaCode),
    timing: parts.matchingTiming ?? {},
  });
  const marks = new CallerMarks({ pbx, crm, link: crmLink, clock, log, validSec: config.callerMarksValidSec });
  const calls = new CallBook({ trunkEndpoints: config.trunks, agentExtension: EXTENSION });
  const keeper =
    parts.checkpoints === undefined ? null : new CheckpointKeeper({ checkpoints: parts.checkpoints, pbx, live: () => calls.live(), clock });
  const delivery = new CallDelivery({
    ...common,
    journal,
    crm,
    channel: hub,
    link: crmLink,
    onSafe: (callId) => keeper?.rowIsSafe(callId),
  });
  const callMarks = new CallMarks(parts.liveMarks ?? null);
  const desk = new LiveDesk({
    ...common,
    marks: callMarks,
    channel: hub,
    matching,
    trail,
    dialRingMs: DIAL_RING_SEC * 1000,
    queueRingMs: config.queueRingSec === null ? null : config.queueRingSec * 1000,
  });
  const presence = new AgentPresence({ pbx, queue: config.queue, channel: hub, clock, log, signOutAfterMs: config.signOutAfterMs });
  const wrapUp = new WrapUp({
    rules: { wrapUpMs: config.wrapUpMs, maxMs: config.wrapUpMaxMs },
    desk,
    presence,
    channel: hub,
    clock,
    log,
  });
  const unanswered = new UnansweredRinging({ desk, presence, clock, log });
  const queues = new QueueDepths(hub, clock, [config.queue]);
  const health = new GatewayHealth({ pbx, crm: crmLink, backlog: () => delivery.backlog(), channel: hub, clock });
  const accounts = new AccountWatch({ crm, link: crmLink, sessions: hub, inCall: (extension) => desk.inCall(extension), clock, log });
  const dialling = new ClickToDial({
    ...common,
    pbx,
    channel: hub,
    limits: { perMinute: config.dialPerMinute, classes: DIAL_CLASSES },
    parse: (raw) => numbers.forDialling(raw, (extension) => config.phones.has(extension) || presence.knows(extension)),
    inCall: (extension) => desk.inCall(extension),
    ringTimeoutSec: DIAL_RING_SEC,
  });
  const control = new CallControl({ pbx, desk, findCall: (callId) => calls.find(callId) });
  const isAgent = (extension: string): boolean => config.phones.has(extension) || presence.knows(extension);
  const targets = new TransferTargets({
    isAgent,
    permit: (agent, number) => dialling.permit(agent, number),
    inCall: (extension) => desk.inCall(extension),
    isReachable: (extension) => !['unavailable', 'invalid'].includes(presence.deviceOf(extension)),
    queues: [config.queue],
  });
  const transfer = new CallTransfer({ ...common, pbx, control, marks: callMarks, targets });
  const consultations = new Consultations({ ...common, pbx, control, transfer, marks: callMarks, targets });
  const parked = new ParkedCalls({
    ...common,
    pbx,
    channel: hub,
    matching,
    inCall: (extension) => desk.inCall(extension),
    ringTimeoutSec: DIAL_RING_SEC,
  });
  const recording = new RecordingControl({ pbx, control, marks: callMarks, calls });
  const demo =
    config.demoCarrierUrl === null ? null : new AriCarrier({ url: config.demoCarrierUrl, defaultLine: config.lines[0]?.number ?? '' });
  const commands = createCommandHandlers({
    wrapUp,
    dialling,
    control,
    transfer,
    consultations,
    recording,
    parked,
    matching,
    desk,
    trail,
    demo,
    clock,
    telemetry: metrics,
  });

  const features = { testCall: demo !== null, wrapUp: config.wrapUpMs > 0, lines: config.lines.map((line) => ({ ...line })) };
  const sources = { presence, wrapUp, desk, health, queues, parked, phoneOf: phoneBook(config.phones), features };
  const tickets = new TicketVerifier(config.internalSecret, () => clock.nowMs());
  hub.watchAttendance(presence);
  const cti = new CtiServer({
    ...common,
    hub,
    tickets,
    commands,
    limits,
    snapshotFor: (agent) => noted(snapshotFor(agent, sources), trail),
  });
  const sip = new SipProxy({ upstreamUrl: config.sipWsUrl, clock, log });
  const originRule = { allowed: config.allowedOrigins, panelPort: config.panelPort };
  const http = new GatewayHttp({
    health: () => health.current(),
    registry: metrics.registry,
    trailOf: (callId) => trail.of(callId),
    token: config.gatewayToken,
    originAllowed: (request) => originAllowed(request, originRule),
    upgrades: { '/cti': cti, '/sip': sip },
    log,
  });
  metrics.watch({
    sessions: () => hub.sessions,
    sipConnections: () => sip.size,
    liveCalls: () => calls.live().length,
    journalBacklog: () => delivery.backlog(),
    links: () => ({ ami: pbx.linkState('ami'), ari: pbx.linkState('ari'), crm: crmLink.state }),
  });
  const router = new EventRouter({
    ...common,
    pbx,
    calls,
    matching,
    desk,
    dialling,
    transfer,
    consultations,
    recording,
    parked,
    delivery,
    presence,
    wrapUp,
    queues,
    health,
    trail,
    ...(keeper !== null && { checkpoints: keeper }),
  });

  const close = once(async () => {
    accounts.close();
    cti.close();
    sip.close();
    presence.close();
    await http.close();
    await marks.close();
    // Asterisk's last events first, then what they have left to write.
    await pbx.close();
    router.close();
    for (const part of [wrapUp, unanswered, queues, health, matching, parked, consultations, transfer, desk]) part.close();
    await delivery.close();
    keeper?.close();
    await parts.checkpoints?.close();
    await parts.liveMarks?.close();
    crmLink.close();
    await journal.close();
  });
  try {
    const port = await http.listen(config.host, config.port);
    crmLink.start();
    delivery.start();
    marks.start();
    accounts.start();
    await pbx.start();
    return { port, epoch, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A window that comes while a telephone rings shows the call as well. */
function noted(snapshot: Snapshot, trail: PopTrail): Snapshot {
  const { extension } = snapshot.agent;
  for (const { callId, state } of snapshot.calls)
    if (state === 'alerting' && extension !== null) trail.sent(callId, extension, 1, 'snapshot');
  return snapshot;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= run());
}
