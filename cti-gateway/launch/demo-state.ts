import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIsAlive } from './processes';

/** What a running `npm start` tells other commands of this checkout, in `.run/demo.json` (readable by its owner only). */
export interface DemoState {
  readonly pid: number;
  readonly panelUrl: string;
  /** See HOTLINE_DEMO_CARRIER_URL; null without the demo's public network. */
  readonly carrierUrl: string | null;
  readonly lines: readonly { readonly number: string; readonly label: string }[];
}

function stateFile(runDir: string): string {
  return join(runDir, 'demo.json');
}

export function writeDemoState(runDir: string, state: DemoState): void {
  writeFileSync(stateFile(runDir), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** The running demo, or null: none was started, or it ended without tidying up. */
export function readDemoState(runDir: string): DemoState | null {
  try {
    const state = JSON.parse(readFileSync(stateFile(runDir), 'utf8')) as DemoState;
    return processIsAlive(state.pid) ? state : null;
  } catch {
    return null;
  }
}

export function removeDemoState(runDir: string): void {
  rmSync(stateFile(runDir), { force: true });
}
