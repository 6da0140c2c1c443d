import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PbxInstance } from '../../cti-gateway/launch/pbx';
import { CelFile } from '../../cti-gateway/src/adapters/asterisk/cel/cel-file';
import { silentLog } from '../../cti-gateway/src/ports/log';
import type { Kill } from './chaos';

/** How long calls have to be shown again before it counts as never, ms. */
const GIVEN_UP_MS = 6_000;

export interface ShownAgain {
  /** From when the gateway served again until the last panel showed its call; Infinity: never. */
  readonly sinceServedMs: number;
  readonly sinceStartedMs: number;
}

export interface WatchedPanel {
  readonly extension: string;
  readonly connected: boolean;
  liveCalls(): ReadonlySet<string>;
}

/** How soon panels show the calls that Asterisk says their agents are in, after the gateway was started again. */
export class LiveAgain {
  readonly measured: ShownAgain[] = [];

  constructor(
    private readonly pbx: PbxInstance,
    private readonly panels: readonly WatchedPanel[],
  ) {}

  async after({ startedAtMs, backAtMs }: Kill): Promise<void> {
    if (startedAtMs === null || backAtMs === null) return;
    const seenAtMs = new Map<string, number>();
    const look = (): void => {
      for (const panel of this.panels)
        for (const callId of panel.liveCalls()) {
          const key = `${panel.extension} ${callId}`;
          if (!seenAtMs.has(key)) seenAtMs.set(key, Date.now());
        }
    };
    const timer = setInterval(look, 10);
    try {
      const wanted = await this.talks();
      let missing = wanted;
      const deadline = backAtMs + GIVEN_UP_MS;
      while (missing.length > 0 && Date.now() < deadline) {
        await delay(50);
        missing = missing.filter((key) => !seenAtMs.has(key));
      }
      // a talk that ended meanwhile need not be shown any more
      const left = missing.length === 0 ? [] : await this.talks();
      if (missing.some((key) => left.includes(key))) return void this.measured.push({ sinceServedMs: Infinity, sinceStartedMs: Infinity });
      const shown = wanted.flatMap((key) => seenAtMs.get(key) ?? []);
      if (shown.length === 0) return;
      const lastMs = Math.max(...shown);
      this.measured.push({ sinceServedMs: Math.max(0, lastMs - backAtMs), sinceStartedMs: lastMs - startedAtMs });
    } finally {
      clearInterval(timer);
    }
  }

  /** `1001 <callId>` of every agent with a panel whose telephone is in a bridge now: as the log has it, of channels that Asterisk says live. */
  private async talks(): Promise<string[]> {
    const living = new Set((await this.pbx.rx('core show channels concise')).split('\n').map((line) => line.split('!')[0]));
    const cel = new CelFile({ path: path.join(this.pbx.dir, 'log/cel-custom/calls.csv'), log: silentLog });
    const inBridge = new Map<string, string>();
    for (const record of await cel.since(Date.now() - 90_000)) {
      const extension = /^PJSIP\/(\d+)-/.exec(record.channelName)?.[1];
      if (extension === undefined || !living.has(record.channelName) || !this.panels.some((panel) => panel.extension === extension))
        continue;
      if (record.type === 'BRIDGE_ENTER') inBridge.set(record.channelId, `${extension} ${record.linkedId}`);
      if (record.type === 'BRIDGE_EXIT' || record.type === 'CHAN_END') inBridge.delete(record.channelId);
    }
    return [...new Set(inBridge.values())];
  }
}
