import { PROTOCOL_VERSION, type ErrorCode, type EventData, type EventType } from '../../../protocol';

/** An event frame without its `seq`: made once, sent to many sessions. */
export interface EncodedEvent {
  readonly type: EventType;
  readonly tail: Buffer;
}

const HEAD = `{"v":${PROTOCOL_VERSION},"seq":`;

export function encodeEvent<T extends EventType>(type: T, data: EventData<T>, from: { epoch: string; at: string }): EncodedEvent {
  const { epoch, at } = from;
  const rest = JSON.stringify({ type, epoch, at, data });
  return { type, tail: Buffer.from(`,${rest.slice(1)}`) };
}

export function withSeq(event: EncodedEvent, seq: number): Buffer {
  const head = HEAD + String(seq);
  const frame = Buffer.allocUnsafe(head.length + event.tail.length);
  frame.write(head, 0, 'latin1');
  event.tail.copy(frame, head.length);
  return frame;
}

export function encodeOk(id: string, data: unknown): Buffer {
  return Buffer.from(JSON.stringify({ v: PROTOCOL_VERSION, id, ok: true, ...(data !== undefined && { data }) }));
}

export interface ReplyError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly field?: string;
}

export function encodeError(id: string | null, error: ReplyError): Buffer {
  return Buffer.from(JSON.stringify({ v: PROTOCOL_VERSION, id, ok: false, error }));
}
