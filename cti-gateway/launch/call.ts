import { readDemoState, type DemoState } from './demo-state';
import { LaunchError } from './launch-error';
import { parseCallArguments } from './call-arguments';
import { runFolder } from './repository';
import { TestCall } from './test-call';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `npm run call -- NUMBER [LINE]`: a customer calls the running demo. */
export async function main(args: readonly string[]): Promise<void> {
  const state = readDemoState(runFolder());
  const request = parseCallArguments(args, state?.lines.map((line) => line.number) ?? []);
  const { carrierUrl } = demand(state);
  const call = await TestCall.connect(carrierUrl);
  let hangingUp = false;
  const hangUp = (): void => {
    if (hangingUp) return;
    hangingUp = true;
    say('Hanging up …');
    void call.hangUp();
  };
  // Not once: a Ctrl-C comes twice, from the terminal and passed on by npm, and the second would end us before the call.
  process.on('SIGINT', hangUp);
  process.on('SIGTERM', hangUp);
  say(`${request.callerId} calls ${request.line} … (Ctrl-C hangs up)`);
  const startedAtMs = Date.now();
  try {
    await call.place(request, (news) => say(`${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${news}`));
  } finally {
    call.close();
  }
  // The listeners for signals would keep the process.
  process.exit(0);
}

function demand(state: DemoState | null): { carrierUrl: string } {
  if (state === null) throw new LaunchError('Nothing is running here; start the hotline with "npm start" in another terminal first.');
  if (state.carrierUrl === null) throw new LaunchError('The running hotline has no simulated public network; call its number with a telephone.');
  return { carrierUrl: state.carrierUrl };
}
