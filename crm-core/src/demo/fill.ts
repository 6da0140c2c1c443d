import { LegResult, type CallLogRow } from '../../contract/calls';
import { NewCustomer } from '../../contract/customers';
import type { AppContext } from '../context';
import { newId } from '../db';
import { insertUser } from '../db/repositories/users.repository';
import type { UserRow } from '../db/entities/user.entity';
import type { UserActor } from '../http/actor';
import { ROLE_PERMISSIONS } from '../http/permissions';
import { buildServices, type Services } from '../modules/routes';
import { DEMO_CALLS, DEMO_CUSTOMERS, DEMO_LINE, DEMO_USERS, type DemoCall, type DemoUser } from './demo-data';

const DAY_MS = 86_400_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** Fills an empty database through the same services people use, so that keys, links and last contacts come by themselves. */
export async function fillWithDemo(app: AppContext, passwordHash: string): Promise<void> {
  const services = buildServices(app);
  const actors = new Map<string, UserActor>();
  for (const user of DEMO_USERS) actors.set(user.username, await createUser(app, user, passwordHash));
  const recorder = actorNamed(actors, 'zhuguan');
  for (const customer of DEMO_CUSTOMERS) await services.customers.create(recorder, NewCustomer.parse(customer));
  for (const [index, call] of DEMO_CALLS.entries()) await createCall(app, services, { call, index, actors });
}

async function createUser({ db, now }: AppContext, user: DemoUser, passwordHash: string): Promise<UserActor> {
  const at = now();
  const row: UserRow = { ...user, userId: newId(), passwordHash, enabled: true, locale: 'zh-CN', createdAt: at, updatedAt: at, version: 1 };
  await db.write((tx) => insertUser(tx, row));
  const { userId, locale } = row;
  return { kind: 'user', ...user, userId, locale, permissions: new Set(ROLE_PERMISSIONS[user.role]), sessionHash: '' };
}

function actorNamed(actors: ReadonlyMap<string, UserActor>, username: string): UserActor {
  const actor = actors.get(username);
  if (actor === undefined) throw new Error(`The demo has no user ${username}.`);
  return actor;
}

interface Filling {
  readonly call: DemoCall;
  readonly index: number;
  readonly actors: ReadonlyMap<string, UserActor>;
}

async function createCall(app: AppContext, services: Services, { call, index, actors }: Filling): Promise<void> {
  const row = toCallRow(call, index, app.now());
  await services.calls.takeIn(row);
  if (call.agent === null) return;
  const agent = actorNamed(actors, call.agent);
  if (call.disposition !== undefined) await services.dispositions.set(agent, row.callId, call.disposition);
  if (call.record === undefined) return;
  const { record } = await services.records.begin(agent, row.callId, {
    direction: call.direction,
    remoteNumber: call.number,
    occurredAt: row.answeredAt ?? row.startedAt,
    customerId: null,
    contactId: null,
  });
  await services.records.change(agent, record.recordId, { version: record.version, ...call.record, status: 'done' });
}

function toCallRow(call: DemoCall, index: number, now: Date): CallLogRow {
  const { direction, number, agent, outcome, waitSec, talkSec } = call;
  const startMs = startOf(call, now);
  const at = (sec: number) => new Date(startMs + sec * 1000).toISOString();
  const callId = `demo-${index + 1}`;
  const answered = outcome === 'answered';
  const connected = answered ? at(waitSec) : null;
  const endedAt = at(waitSec + talkSec);
  const queue = direction === 'inbound' ? 'hotline' : null;
  return {
    callId,
    linkedIds: [callId],
    direction,
    line: direction === 'inbound' ? DEMO_LINE.number : null,
    areaCode: DEMO_LINE.areaCode,
    trunk: direction === 'inbound' ? 'trunk' : null,
    context: 'external',
    remoteNumber: number,
    remoteName: null,
    queue,
    agentExtension: agent,
    dialId: null,
    startedAt: at(0),
    answeredAt: connected,
    endedAt,
    outcome,
    endedBy: answered || outcome === 'abandoned' ? 'customer' : 'system',
    cause: answered || outcome === 'abandoned' ? 16 : 19,
    waitMs: waitSec * 1000,
    talkMs: talkSec * 1000,
    holdMs: 0,
    recording: null,
    complete: true,
    legs: agent === null ? [] : [agentLeg({ callId, agent, call, startedAt: at(0), connected, endedAt })],
    queueVisits:
      queue === null
        ? []
        : [{ queue, joinedAt: at(0), leftAt: connected ?? endedAt, waitMs: waitSec * 1000, result: answered ? 'connected' : 'abandoned' }],
    transfers: [],
    parkings: [],
    conference: false,
    recordings: [],
    voicemail: null,
    source: 'live',
  };
}

interface LegParts {
  readonly callId: string;
  readonly agent: string;
  readonly call: DemoCall;
  readonly startedAt: string;
  readonly connected: string | null;
  readonly endedAt: string;
}

/** The telephone that rang for a caller, or that called, which does not ring and has the result of its call. */
function agentLeg({ callId, agent, call, startedAt, connected, endedAt }: LegParts): CallLogRow['legs'][number] {
  const rang = call.direction === 'inbound';
  return {
    channelId: `${callId}-agent`,
    role: 'agent',
    endpoint: `PJSIP/${agent}`,
    extension: agent,
    startedAt,
    alertingAt: rang ? startedAt : null,
    answeredAt: connected,
    endedAt,
    ringMs: rang ? call.waitSec * 1000 : 0,
    talkMs: call.talkSec * 1000,
    holdMs: 0,
    result: LegResult.parse(call.outcome),
    cause: connected === null ? 19 : 16,
  };
}

/** The call's moment in China's time, counted back from today; never in the future. */
function startOf({ daysAgo, at }: DemoCall, now: Date): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const localMidnight = Math.floor((now.getTime() + CHINA_OFFSET_MS) / DAY_MS) * DAY_MS - CHINA_OFFSET_MS;
  return localMidnight - daysAgo * DAY_MS + (hours * 60 + minutes) * 60_000;
}
