import type { CallView } from './call-view';
import { PROTOCOL_VERSION } from './common';
import type { CommandData, CommandType, EventData, EventType } from './frames';

/** One example of every frame, as it stands on the wire; tests of both sides parse them. */
const call: CallView = {
  callId: 'hotline-1767225600.12',
  direction: 'inbound',
  state: 'alerting',
  remoteNumber: '13912345678',
  remoteName: '<script>alert(1)</script>',
  line: '02066668888',
  queue: 'hotline',
  enteredAt: '2026-01-01T00:00:00.000Z',
  alertingAt: '2026-01-01T00:00:02.100Z',
  ringUntil: null,
  answeredAt: null,
  heldSince: null,
  muted: false,
  recording: false,
  endedAt: null,
  outcome: null,
  endedBy: null,
  cause: null,
  dialId: null,
  match: {
    kind: 'known',
    raw: '13912345678',
    key: '+8613912345678',
    numberClass: 'mobile',
    reason: 'mobile.plain',
    owners: [
      {
        customerId: '5b1e5a5e-6a57-4f7c-9d7a-0f6f0f6f0f6f',
        customerName: '广州星河软件有限公司',
        customerNumber: 'K-0001',
        customerLevel: 'A',
        customerType: 'existing',
        contactId: null,
        contactName: null,
        contactPosition: null,
        lastContactAt: '2025-12-30T08:00:00.000Z',
        lastContactSummary: '加密狗无法识别',
        openRecordCount: 1,
      },
    ],
  },
};
const pending = {
  kind: 'pending' as const,
  raw: '13912345678',
  key: '+8613912345678',
  numberClass: 'mobile',
  reason: 'lookup.pending',
  owners: [],
};
const health = { ami: 'up' as const, ari: 'up' as const, crm: 'down' as const, journalBacklog: 3, lastGap: null };
const ended = { ...call, state: 'ended' as const, endedAt: '2026-01-01T00:00:12.000Z' };

export const eventExamples: { readonly [T in EventType]: EventData<T> } = {
  'session.started': {
    agent: { userId: 'u1', displayName: '林晓', role: 'agent', extension: '1001' },
    phone: {
      extension: '1001',
      sipUri: 'sip:1001@hotline',
      authorizationUser: '1001',
      password: 'not-a-real-one',
      webSocketPath: '/sip',
      iceServers: [],
    },
    presence: { state: 'paused', since: '2026-01-01T00:00:00.000Z', reasons: ['break'] },
    afterCall: { wrapUp: null, next: { state: 'paused', reason: 'break' } },
    device: 'idle',
    health,
    calls: [{ ...call, match: pending }],
    queues: [{ queue: 'hotline', waiting: 2 }],
    features: { testCall: true, wrapUp: true, lines: [{ number: '02066668888', label: '产品热线' }] },
  },
  'session.resumed': { missed: 2 },
  'session.replaced': {},
  'call.offered': { call },
  'call.changed': { call: { ...call, state: 'connected', answeredAt: '2026-01-01T00:00:05.000Z', recording: true } },
  'call.withdrawn': { call: { ...ended, outcome: 'answered_elsewhere', cause: 26 } },
  'call.ended': { call: { ...ended, answeredAt: '2026-01-01T00:00:05.000Z', outcome: 'answered', endedBy: 'customer', cause: 16 } },
  'call.matched': { callId: call.callId, match: call.match },
  'dial.progressed': {
    dialId: 'dial-00000001',
    callId: 'dial-dial-00000001',
    number: '13912345678',
    state: 'ended',
    reason: 'agent_no_answer',
  },
  'presence.changed': { presence: { state: 'ready', since: '2026-01-01T00:00:00.000Z' } },
  'afterCall.changed': {
    afterCall: {
      wrapUp: {
        callId: call.callId,
        since: '2026-01-01T00:00:12.000Z',
        until: '2026-01-01T00:01:12.000Z',
        limit: '2026-01-01T00:05:12.000Z',
        standsUntil: '2026-01-01T00:00:12.000Z',
      },
      next: null,
    },
  },
  'device.changed': { device: 'unavailable' },
  'health.changed': { health: { ...health, lastGap: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:04.000Z' } } },
  'queues.changed': { queues: [{ queue: 'hotline', waiting: 0 }] },
};

export const commandExamples: { readonly [T in CommandType]: CommandData<T> } = {
  hello: { protocol: PROTOCOL_VERSION, ticket: 'header.payload.signature', tab: 'tab-00000001', resume: { epoch: '6f0f6f0f', seq: 17 } },
  'session.snapshot': {},
  'session.ping': {},
  'presence.set': { state: 'paused', reason: 'meeting' },
  'presence.pause': { reason: 'training' },
  'presence.resume': { reason: 'break' },
  'presence.next': { next: { state: 'paused', reason: 'break' } },
  'wrapUp.finish': { callId: call.callId },
  'wrapUp.extend': { by: 'typing' },
  'call.dial': { dialId: 'dial-00000001', number: '139 1234 5678', customerId: null },
  'call.hangup': { callId: call.callId },
  'call.mute': { callId: call.callId, muted: true },
  'call.sendDigits': { callId: call.callId, digits: '1#' },
  'call.shown': { callId: call.callId },
  'call.trail': { callId: call.callId },
  'call.rematch': { callId: call.callId },
  'demo.call': { callerId: '13912345678', line: '02066668888' },
};
