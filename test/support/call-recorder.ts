import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { PbxInstance } from '../../cti-gateway/launch/pbx';
import { EXTENSION } from '../../cti-gateway/src/domain/agent/extension';
import { ReplayStream } from '../../cti-gateway/src/replay/replay-stream';
import type { CallLogRow } from '../../crm-core/contract/calls';
import { eventually } from './eventually';

/** The event feed's account, read into rows and kept. */
export class CallRecorder {
  readonly rows: CallLogRow[] = [];
  readonly sinceMs = Date.now();
  private readonly chunks: Buffer[] = [];
  private connected = new Set<string>();
  private readonly stream = new ReplayStream({
    trunkEndpoints: ['trunk'],
    agentExtension: EXTENSION,
    onRow: (row) => this.rows.push(row),
    onEffect: (effect) => {
      if (effect.type === 'leg.connected') this.connected.add(effect.call.callId);
    },
  });

  private constructor(private readonly socket: net.Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.stream.push(chunk);
    });
  }

  static async connect(pbx: PbxInstance): Promise<CallRecorder> {
    const recorder = new CallRecorder(net.connect(pbx.ami.port, pbx.ami.host));
    recorder.socket.write(`Action: Login\r\nActionID: 1\r\nUsername: ${pbx.ami.feed.user}\r\nSecret: ${pbx.ami.feed.secret}\r\n\r\n`);
    await eventually('a login', () => Buffer.concat(recorder.chunks).includes('Authentication accepted'));
    return recorder;
  }

  talking(): number {
    return this.connected.size;
  }

  async row(timeoutMs = 12_000): Promise<CallLogRow> {
    const row = await eventually('a row', () => this.rows[0], timeoutMs);
    expect(this.rows).toHaveLength(1);
    return row;
  }

  /** Every call is over: none may be left open, none doubled. */
  close(name: string): void {
    this.socket.destroy();
    expect(this.stream.end().open).toEqual([]);
    expect(new Set(this.rows.map((row) => row.callId)).size).toBe(this.rows.length);
    const folder = process.env.HOTLINE_TEST_RECORD;
    if (folder !== undefined)
      fs.writeFileSync(path.join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.ami.raw`), Buffer.concat(this.chunks));
  }
}
