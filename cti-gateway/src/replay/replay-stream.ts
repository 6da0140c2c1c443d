import type { CallLogRow } from '../../../crm-core/contract/calls';
import { AmiReader, type AmiMessage } from '../adapters/asterisk/ami-reader';
import { timestampOf, toPbxEvent, WANTED_EVENTS } from '../adapters/asterisk/pbx-events';
import type { Call, CallEffect } from '../domain/call/call';
import { CallBook, type CallModelConfig } from '../domain/call/call-book';
import { toCallLogRow } from '../domain/call/call-log-row';

export interface ReplayOptions extends CallModelConfig {
  /** In order of the calls' ends. */
  readonly onRow: (row: CallLogRow) => void;
  readonly onEffect?: (effect: CallEffect) => void;
}

export interface ReplayResult {
  readonly rows: number;
  /** Calls that were still up when the recording ended. */
  readonly open: readonly Call[];
  readonly ignored: Readonly<Record<string, number>>;
  /** Events without `Timestamp` (`timestampevents` in manager.conf): no time or duration of a row that they are part of is true. */
  readonly untimed: number;
}

/**
 * The gateway's own way from bytes to call log rows (reader, mapping, call model), for a recorded stream of the Asterisk Manager
 * Interface. Chunks may be cut anywhere.
 */
export class ReplayStream {
  private readonly book: CallBook;
  private readonly reader: AmiReader;
  private rows = 0;
  private untimed = 0;

  constructor(private readonly options: ReplayOptions) {
    this.book = new CallBook(options);
    this.reader = new AmiReader({ wantedEvents: WANTED_EVENTS, onMessage: (message) => this.take(message) });
  }

  push(chunk: Buffer): void {
    this.reader.push(chunk);
  }

  /** The recording is over. A call without an end is not given one. */
  end(): ReplayResult {
    this.reader.end();
    return { rows: this.rows, open: this.book.live(), ignored: Object.fromEntries(this.book.ignoredCounts()), untimed: this.untimed };
  }

  private take(message: AmiMessage): void {
    const event = toPbxEvent(message);
    if (event === null) return;
    if (timestampOf(message) === null) this.untimed += 1;
    for (const effect of this.book.apply(event)) {
      this.options.onEffect?.(effect);
      if (effect.type !== 'call.ended') continue;
      this.rows += 1;
      this.options.onRow(toCallLogRow(effect.call));
    }
  }
}
