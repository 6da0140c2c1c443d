import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error';
import { commandLine, processIsAlive } from './processes';

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
    return launcherIsAlive(state.pid) ? state : null;
  } catch {
    return null;
  }
}

export function removeDemoState(runDir: string): void {
  rmSync(stateFile(runDir), { force: true });
}

/**
 * Makes this process the one that runs the hotline of this checkout; the returned function gives that up.
 * @throws LaunchError when another process does
 */
export function claimCheckout(runDir: string): () => void {
  const file = join(runDir, 'start.pid');
  const take = (): boolean => {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  };
  const owner = (): number => Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!take()) {
    if (launcherIsAlive(owner())) {
      const url = readDemoState(runDir)?.panelUrl;
      throw new LaunchError(`The hotline of this checkout ${url === undefined ? 'is starting already' : `runs already at ${url}`} (process ${owner()}); end that one with Ctrl-C first.`);
    }
    rmSync(file, { force: true });
    take();
  }
  return () => rmSync(file, { force: true });
}

/** Process ids are used again: the one in the file must still be a launcher, where the system tells. */
function launcherIsAlive(pid: number): boolean {
  const command = commandLine(pid);
  return processIsAlive(pid) && (command === '' || /launch\/start\.m?js/.test(command));
}
