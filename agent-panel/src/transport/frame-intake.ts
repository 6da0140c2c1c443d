import type { EventFrame, Reply } from '../../../cti-gateway/protocol';
import { parseFrame, type FramePlace } from './frame-parser';
import { advance, type SequencePosition } from './sequence';

export interface IntakeCounters {
  framesReceived: number;
  unknownTypes: number;
  malformed: number;
  duplicates: number;
  gaps: number;
}

export interface IntakeEvents {
  readonly reply: (reply: Reply) => void;
  /** In order, each once. */
  readonly event: (frame: EventFrame) => void;
  /** Something was missed, or could not be read: only a snapshot tells the truth again. */
  readonly gap: () => void;
  /** The snapshot itself could not be read: asking again on this connection would bring the same. */
  readonly unreadableSnapshot: () => void;
}

/** Takes what comes from the gateway, keeps the place in its stream, and counts what is thrown away. */
export class FrameIntake {
  readonly counters: IntakeCounters = { framesReceived: 0, unknownTypes: 0, malformed: 0, duplicates: 0, gaps: 0 };
  readonly #events: IntakeEvents;
  #position: SequencePosition = null;

  constructor(events: IntakeEvents) {
    this.#events = events;
  }

  /** Where to resume; null: from nothing. */
  get position(): SequencePosition {
    return this.#position;
  }

  /** The next connection begins with a snapshot. */
  forget(): void {
    this.#position = null;
  }

  take(text: unknown): void {
    this.counters.framesReceived += 1;
    const parsed = parseFrame(text);
    switch (parsed.kind) {
      case 'reply':
        return this.#events.reply(parsed.reply);
      case 'event':
        if (this.#follow(parsed.frame)) this.#events.event(parsed.frame);
        return;
      case 'unknown':
        this.counters.unknownTypes += 1;
        return void this.#follow(parsed.place);
      case 'malformed':
        this.counters.malformed += 1;
        if (parsed.place !== null) this.#skip(parsed.place);
    }
  }

  #skip(place: FramePlace): void {
    if (place.type === 'session.started') this.#events.unreadableSnapshot();
    else if (this.#follow(place)) this.#events.gap();
  }

  /** False for what was here already. */
  #follow(place: FramePlace): boolean {
    const step = advance(this.#position, place);
    this.#position = step.position;
    if (!step.deliver) this.counters.duplicates += 1;
    if (step.gap) {
      this.counters.gaps += 1;
      this.#events.gap();
    }
    return step.deliver;
  }
}
