import type { Customer, HotlineRecord, MissedCall, PhoneNumber, SessionUser } from '../../../crm-core/contract';
import { TEXT_FIELDS, type TextField } from '../features/customers/customer-form';
import type { LoggedCall } from '../features/calllog/calls.api';
import type { CallView, MatchOwner, MatchView, Snapshot } from '../../../cti-gateway/protocol';

export const AGENT: SessionUser = {
  userId: 'u1',
  username: '1001',
  displayName: '林晓',
  role: 'agent',
  extension: '1001',
  locale: 'zh-CN',
  permissions: [
    'customer.view',
    'customer.edit',
    'hotline.view_own',
    'hotline.edit',
    'call.view_own',
    'call.dial',
    'call.transfer',
    'number.view_full',
  ],
};

export function owner(over: Partial<MatchOwner> = {}): MatchOwner {
  return {
    customerId: 'k1',
    customerName: '云岭市政管网有限公司',
    customerNumber: 'C000001',
    customerLevel: 'A',
    customerType: 'existing',
    contactId: 'p1',
    contactName: '吴海燕',
    contactPosition: '信息中心主任',
    lastContactAt: '2025-11-20T08:20:00.000Z',
    lastContactSummary: '坐标偏移',
    openRecordCount: 0,
    ...over,
  };
}

export function match(kind: MatchView['kind'], over: Partial<MatchView> = {}): MatchView {
  return {
    kind,
    raw: '13912345678',
    key: '+8613912345678',
    numberClass: 'mobile',
    reason: 'mobile.plain',
    owners: kind === 'known' ? [owner()] : [],
    ...over,
  };
}

export function call(over: Partial<CallView> = {}): CallView {
  return {
    callId: 'c1',
    direction: 'inbound',
    state: 'alerting',
    remoteNumber: '13912345678',
    remoteName: null,
    line: '02066668888',
    queue: 'hotline',
    enteredAt: '2025-11-21T14:29:30.000Z',
    alertingAt: '2025-11-21T14:29:53.000Z',
    ringUntil: '2025-11-21T14:30:13.000Z',
    answeredAt: null,
    heldSince: null,
    muted: false,
    recording: false,
    endedAt: null,
    outcome: null,
    endedBy: null,
    cause: null,
    dialId: null,
    match: match('known'),
    ...over,
  };
}

export const talkingTo = (over: Partial<CallView> = {}): CallView =>
  call({ state: 'connected', answeredAt: '2025-11-21T14:30:00.000Z', ...over });

export function record(over: Partial<HotlineRecord> = {}): HotlineRecord {
  return {
    recordId: 'r1',
    callId: 'c1',
    direction: 'inbound',
    remoteNumber: '13912345678',
    customerId: 'k1',
    customerName: '云岭市政管网有限公司',
    contactId: 'p1',
    contactName: '吴海燕',
    servedByUserId: 'u1',
    servedByName: '林晓',
    occurredAt: '2025-11-21T14:30:00.000Z',
    method: 'phone',
    problem: '',
    solution: '',
    solved: null,
    remarks: '',
    sourceContact: '',
    disposition: null,
    status: 'draft',
    createdAt: '2025-11-21T14:30:00.000Z',
    updatedAt: '2025-11-21T14:30:00.000Z',
    version: 1,
    ...over,
  };
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    agent: { userId: 'u1', displayName: '林晓', role: 'agent', extension: '1001' },
    phone: {
      extension: '1001',
      sipUri: 'sip:1001@127.0.0.1',
      authorizationUser: '1001',
      password: 'x',
      webSocketPath: '/sip',
      iceServers: [],
    },
    presence: { state: 'ready', since: '2025-11-21T14:00:00.000Z' },
    afterCall: { wrapUp: null, next: null },
    device: 'idle',
    health: { ami: 'up', ari: 'up', crm: 'up', journalBacklog: 0, lastGap: null },
    calls: [],
    queues: [],
    parked: [],
    features: { testCall: false, wrapUp: true, lines: [{ number: '02066668888', label: '产品热线' }] },
    ...over,
  };
}

/** A call that went through everything: two telephones in vain, a talk, passed on after asking, outside in vain, parked. */
export function loggedCall(over: Partial<LoggedCall> = {}): LoggedCall {
  const at = (second: number) => new Date(Date.parse('2025-11-21T06:00:00.000Z') + second * 1000).toISOString();
  const base = { alertingAt: null, answeredAt: null, ringMs: 0, talkMs: 0, holdMs: 0, result: 'answered', cause: 16, endedAt: at(420) };
  const agent = (channelId: string, extension: string) => ({
    ...base,
    channelId,
    role: 'agent' as const,
    endpoint: `PJSIP/${extension}`,
    extension,
  });
  const outside = (channelId: string) => ({ ...base, channelId, role: 'customer' as const, endpoint: 'PJSIP/trunk', extension: null });
  return {
    callId: 'c1',
    linkedIds: ['c1', 'c1.9'],
    direction: 'inbound',
    line: '02066668888',
    areaCode: '20',
    trunk: 'trunk',
    context: 'external',
    remoteNumber: '13912345678',
    remoteName: 'WU',
    queue: 'hotline',
    agentExtension: '1003',
    dialId: null,
    startedAt: at(0),
    answeredAt: at(36),
    endedAt: at(420),
    outcome: 'answered',
    endedBy: 'customer',
    cause: 16,
    waitMs: 34_000,
    talkMs: 330_000,
    holdMs: 41_000,
    recording: 'a.wav',
    complete: true,
    legs: [
      { ...outside('c1.0'), startedAt: at(0), answeredAt: at(1), talkMs: 330_000, holdMs: 41_000 },
      { ...agent('c1.1', '1001'), startedAt: at(2), alertingAt: at(3), endedAt: at(11), ringMs: 8_000, result: 'no_answer', cause: 0 },
      { ...agent('c1.2', '1002'), startedAt: at(12), alertingAt: at(12), endedAt: at(16), ringMs: 4_000, result: 'declined', cause: 21 },
      {
        ...agent('c1.3', '1001'),
        startedAt: at(30),
        alertingAt: at(31),
        answeredAt: at(36),
        endedAt: at(200),
        ringMs: 5_000,
        talkMs: 140_000,
        holdMs: 20_000,
      },
      {
        ...agent('c1.4', '1003'),
        startedAt: at(150),
        alertingAt: at(151),
        answeredAt: at(156),
        ringMs: 5_000,
        talkMs: 190_000,
        holdMs: 21_000,
      },
      { ...outside('c1.5'), startedAt: at(300), alertingAt: at(302), endedAt: at(318), ringMs: 16_000, result: 'busy', cause: 17 },
    ],
    queueVisits: [{ queue: 'hotline', joinedAt: at(2), leftAt: at(36), waitMs: 34_000, result: 'connected' }],
    transfers: [
      { at: at(150), kind: 'attended', fromExtension: '1001', to: '1003', result: 'answered' },
      { at: at(300), kind: 'blind', fromExtension: '1003', to: '02088880001', result: 'returned' },
    ],
    parkings: [{ at: at(330), until: at(352), place: '701', byExtension: '1003', toExtension: '1001', result: 'retrieved' }],
    conference: true,
    recordings: ['a.wav', 'b.wav'],
    voicemail: null,
    source: 'live',
    numberKey: '+8613912345678',
    numberClass: 'mobile',
    customerId: 'k1',
    customerName: '云岭市政管网有限公司',
    contactId: 'p1',
    contactName: '吴海燕',
    agentName: '郑凯',
    hotlineRecordId: 'r1',
    disposition: null,
    agents: { '1001': '林晓', '1002': '何静', '1003': '郑凯' },
    ...over,
  };
}

export function phoneNumber(over: Partial<PhoneNumber> = {}): PhoneNumber {
  return {
    numberId: 'n1',
    raw: '13912345678',
    display: '139 1234 5678',
    key: '+8613912345678',
    numberClass: 'mobile',
    extension: null,
    label: 'mobile',
    contactId: null,
    ...over,
  };
}

export function customer(over: Partial<Customer> = {}): Customer {
  const empty = Object.fromEntries(TEXT_FIELDS.map((field) => [field, null])) as Record<TextField, null>;
  return {
    ...empty,
    type: null,
    customerId: 'k1',
    customerNumber: 'C000001',
    name: '云岭市政管网有限公司',
    numbers: [],
    contacts: [],
    createdAt: '2025-11-21T14:00:00.000Z',
    createdBy: '林晓',
    updatedAt: '2025-11-21T14:00:00.000Z',
    version: 1,
    ...over,
  };
}

export function missedCall(over: Partial<MissedCall> = {}): MissedCall {
  return {
    missedCallId: 'm1',
    numberKey: '+8613912345678',
    numberClass: 'mobile',
    remoteNumber: '13912345678',
    remoteName: null,
    customerId: 'k1',
    customerName: '云岭市政管网有限公司',
    contactId: 'p1',
    contactName: '吴海燕',
    line: '02066668888',
    queue: 'hotline',
    reason: 'abandoned',
    waitMs: 30_000,
    tries: 2,
    firstAt: '2025-11-21T06:00:00.000Z',
    lastAt: '2025-11-21T06:10:00.000Z',
    callbackRequested: false,
    state: 'open',
    ownerUserId: null,
    ownerName: null,
    callbackAt: null,
    done: null,
    version: 3,
    ...over,
  };
}
