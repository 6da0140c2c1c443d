import { commandExamples, eventExamples } from './examples';
import { COMMAND_TYPES, CommandEnvelope, commandSchemas, EVENT_TYPES, EventEnvelope, eventSchemas, Reply } from './index';

describe('every frame has an example that its schema takes without a change', () => {
  it.each(EVENT_TYPES)('%s', (type) => {
    const frame = { v: 1, type, seq: 1, epoch: 'e', at: '2026-01-01T00:00:00.000Z', data: eventExamples[type] };
    const overTheWire: unknown = JSON.parse(JSON.stringify(frame));
    const envelope = EventEnvelope.parse(overTheWire);
    expect(eventSchemas[type].parse(envelope.data)).toEqual(eventExamples[type]);
  });

  it.each(COMMAND_TYPES)('%s', (type) => {
    const overTheWire: unknown = JSON.parse(JSON.stringify({ v: 1, type, id: 'command-0001', data: commandExamples[type] }));
    const envelope = CommandEnvelope.parse(overTheWire);
    expect(commandSchemas[type].parse(envelope.data)).toEqual(commandExamples[type]);
  });
});

describe('what is not a frame', () => {
  it.each([
    ['another version', { v: 2, type: 'session.ping', id: 'command-0001', data: {} }],
    ['an unknown command', { v: 1, type: 'call.teleport', id: 'command-0001', data: {} }],
    ['no id', { v: 1, type: 'session.ping', data: {} }],
    ['an id that could be markup', { v: 1, type: 'session.ping', id: '<b>12345678', data: {} }],
  ])('is refused: %s', (_title, frame) => {
    expect(CommandEnvelope.safeParse(frame).success).toBe(false);
  });

  it('an unknown event passes the envelope, so that an older panel can ignore it', () => {
    expect(
      EventEnvelope.safeParse({ v: 1, type: 'agent.cloned', seq: 1, epoch: 'e', at: '2026-01-01T00:00:00.000Z', data: {} }).success,
    ).toBe(true);
  });

  it.each(['1;rm', '', '12 34', 'x', '1'.repeat(33)])('digits to send are digits: %j', (digits) => {
    expect(commandSchemas['call.sendDigits'].safeParse({ callId: 'c', digits }).success).toBe(false);
  });

  it('a reply is one of two shapes', () => {
    expect(Reply.safeParse({ v: 1, id: 'command-0001', ok: true }).success).toBe(true);
    expect(
      Reply.safeParse({ v: 1, id: null, ok: false, error: { code: 'protocol.malformed', message: 'm', retryable: false } }).success,
    ).toBe(true);
    expect(Reply.safeParse({ v: 1, id: 'command-0001', ok: false }).success).toBe(false);
    expect(
      Reply.safeParse({ v: 1, id: 'command-0001', ok: false, error: { code: 'made.up', message: 'm', retryable: false } }).success,
    ).toBe(false);
  });
});
