import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallLogRow } from '../../crm-core/contract/calls';
import { AmiReader, type AmiMessage } from '../../cti-gateway/src/adapters/asterisk/ami-reader';
import { parseCelLine } from '../../cti-gateway/src/adapters/asterisk/cel/cel-line';
import type { CelRecord } from '../../cti-gateway/src/adapters/asterisk/cel/cel-record';
import { timestampOf, toPbxEvent, WANTED_EVENTS } from '../../cti-gateway/src/adapters/asterisk/pbx-events';
import type { Call } from '../../cti-gateway/src/domain/call/call';
import type { PbxEvent } from '../../cti-gateway/src/domain/call/pbx-event';
import { ReplayStream } from '../../cti-gateway/src/replay/replay-stream';

const folder = path.resolve(__dirname, '../fixtures/asterisk-22.10');

export const MODEL = { trunkEndpoints: ['trunk'], agentExtension: /^\d{3,6}$/ };

/** `01-queue-answered-caller-hangup` and so on. */
export function recordingNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ami.raw'))
    .map((file) => file.slice(0, -'.ami.raw'.length))
    .sort();
}

export function recordingBytes(name: string): Buffer {
  return readFileSync(path.join(folder, `${name}.ami.raw`));
}

export function expectedRows(name: string): Record<string, unknown>[] {
  return JSON.parse(readFileSync(path.join(folder, `${name}.expected.json`), 'utf8'));
}

export function recordedEvents(name: string): PbxEvent[] {
  const events: PbxEvent[] = [];
  const reader = new AmiReader({
    wantedEvents: WANTED_EVENTS,
    onMessage: (message) => {
      const event = toPbxEvent(message);
      if (event !== null) events.push(event);
    },
  });
  reader.push(recordingBytes(name));
  reader.end();
  return events;
}

/** What Asterisk wrote into its channel event log meanwhile: kept beside the recording, else held by it. */
export function recordedCel(name: string): CelRecord[] {
  const file = path.join(folder, `${name}.cel.csv`);
  if (existsSync(file))
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => parseCelLine(line) ?? []);
  const records: CelRecord[] = [];
  const reader = new AmiReader({
    wantedEvents: new Set(['CEL']),
    onMessage: (message) => {
      if (message.kind === 'event' && message.name === 'CEL') records.push(celRecord(message));
    },
  });
  reader.push(recordingBytes(name));
  reader.end();
  return records;
}

function celRecord(message: AmiMessage): CelRecord {
  const text = (header: string): string => message.get(header) ?? '';
  return {
    type: text('EventName'),
    name: '',
    atMs: timestampOf(message) ?? 0,
    channelName: text('Channel'),
    channelId: text('UniqueID'),
    linkedId: text('LinkedID'),
    callerNumber: text('CallerIDnum'),
    callerName: text('CallerIDname'),
    exten: text('Exten'),
    context: text('Context'),
    application: text('Application'),
    applicationData: text('AppData'),
    extra: text('Extra') === '' ? {} : (JSON.parse(text('Extra')) as Record<string, unknown>),
  };
}

export function replay(chunks: Iterable<Buffer>): { rows: CallLogRow[]; open: readonly Call[]; ignored: Readonly<Record<string, number>> } {
  const rows: CallLogRow[] = [];
  const stream = new ReplayStream({ ...MODEL, onRow: (row) => rows.push(row) });
  for (const chunk of chunks) stream.push(chunk);
  const { open, ignored } = stream.end();
  return { rows, open, ignored };
}
