import type { HotlineRecord, SessionUser } from '../../../crm-core/contract';
import type { CallView, MatchOwner, MatchView, Snapshot } from '../../../cti-gateway/protocol';

export const AGENT: SessionUser = {
  userId: 'u1',
  username: '1001',
  displayName: '林晓',
  role: 'agent',
  extension: '1001',
  locale: 'zh-CN',
  permissions: ['customer.view', 'customer.edit', 'hotline.view_own', 'hotline.edit', 'call.view_own', 'call.dial', 'number.view_full'],
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
    features: { testCall: false, wrapUp: true, lines: [{ number: '02066668888', label: '产品热线' }] },
    ...over,
  };
}
