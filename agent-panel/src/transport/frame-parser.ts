import { EventEnvelope, Reply, eventSchemas, type EventFrame, type EventType } from '../../../cti-gateway/protocol';

/** A frame's place in its session. */
export interface FramePlace {
  readonly type: string;
  readonly seq: number;
  readonly epoch: string;
}

export type ParsedFrame =
  | { readonly kind: 'event'; readonly frame: EventFrame }
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** A type of a newer gateway: ignored, but its `seq` counts. */
  | { readonly kind: 'unknown'; readonly place: FramePlace }
  /** `place` is there when at least the envelope could be read: something was lost then. */
  | { readonly kind: 'malformed'; readonly place: FramePlace | null };

const MALFORMED: ParsedFrame = { kind: 'malformed', place: null };

/** The edge: nothing that the schemas do not know gets into the panel. Never throws. */
export function parseFrame(text: unknown): ParsedFrame {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  if (typeof value !== 'object' || value === null) return MALFORMED;
  return 'ok' in value ? parseReply(value) : parseEvent(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseReply(value: object): ParsedFrame {
  const reply = Reply.safeParse(value);
  return reply.success ? { kind: 'reply', reply: reply.data } : MALFORMED;
}

function parseEvent(value: object): ParsedFrame {
  const envelope = EventEnvelope.safeParse(value);
  if (!envelope.success) return MALFORMED;
  const { type, seq, epoch } = envelope.data;
  const place = { type, seq, epoch };
  if (!isEventType(type)) return { kind: 'unknown', place };
  const data = eventSchemas[type].safeParse(envelope.data.data);
  if (!data.success) return { kind: 'malformed', place };
  // the schema was chosen by the type, which TypeScript cannot follow through the map
  return { kind: 'event', frame: { ...envelope.data, type, data: data.data } as EventFrame };
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventSchemas, type);
}
