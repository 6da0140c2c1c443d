import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { aLawTone } from './audio';

/** One SIP message as SIPp saw it, on SIPp's own clock. */
export interface SipMessage {
  readonly atMs: number;
  readonly sent: boolean;
  readonly callId: string;
  /** First line, e.g. `INVITE sip:…` or `SIP/2.0 200 OK`. */
  readonly line: string;
  /** e.g. `1 INVITE`. */
  readonly cseq: string;
}

export interface SippOptions {
  readonly binary: string;
  /** File in `test/support/sipp` without `.xml`. */
  readonly scenario: string;
  readonly workDir: string;
  readonly localIp: string;
  readonly localPort: number;
  /** Frequency of the tone the customer sends. */
  readonly toneHz?: number;
  /** Placeholders of the scenario, e.g. `{ HANGUP_MS: 5000 }`. */
  readonly values?: Readonly<Record<string, string | number>>;
  readonly args: readonly string[];
}

/**
 * One run of SIPp: a telephone for one call. SIPp takes any request for the beginning of that call: a BYE that Asterisk sent once more to
 * the telephone which had this port before would end a telephone that waits to be called, so it is then started again.
 */
export class Sipp {
  private child: ChildProcess;
  private stopped = false;
  private readonly messagesFile: string;
  private readonly exited: Promise<number | null>;
  private static runs = 0;

  constructor(options: SippOptions) {
    const folder = path.join(options.workDir, `sipp-${(Sipp.runs += 1)}-${options.scenario}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'scenario.xml'), scenarioText(options));
    fs.writeFileSync(path.join(folder, 'tone.al'), aLawTone(options.toneHz ?? 1000, 10));
    this.messagesFile = path.join(folder, 'messages.log');
    const args = [
      '-sf',
      'scenario.xml',
      '-i',
      options.localIp,
      '-p',
      String(options.localPort),
      '-mi',
      options.localIp,
      '-nostdin',
      '-m',
      '1',
      '-trace_shortmsg',
      '-shortmessage_file',
      this.messagesFile,
      '-trace_err',
      '-error_file',
      path.join(folder, 'errors.log'),
      ...options.args,
    ];
    const start = (): ChildProcess => {
      const log = fs.openSync(path.join(folder, 'output.log'), 'w');
      const child = spawn(options.binary, args, { cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, TERM: 'dumb' } });
      fs.closeSync(log);
      return child;
    };
    this.child = start();
    this.exited = this.lastExit(start, isCalled(options.scenario));
  }

  private async lastExit(start: () => ChildProcess, called: boolean): Promise<number | null> {
    for (;;) {
      const code = await new Promise<number | null>((resolve) => this.child.once('exit', resolve));
      const rung = this.messages().some(({ sent, line }) => !sent && line.startsWith('INVITE'));
      if (!called || rung || code === 0 || code === null || this.stopped || this.messages().length === 0) return code;
      this.child = start();
    }
  }

  /** SIPp's exit code: 0 when the scenario went as written. */
  async finished(): Promise<number | null> {
    return this.exited;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
    await this.exited;
  }

  messages(): SipMessage[] {
    if (!fs.existsSync(this.messagesFile)) return [];
    return fs.readFileSync(this.messagesFile, 'utf8').split('\n').filter(Boolean).map(parseShortMessage);
  }

  /** When the first message whose first line and CSeq match was sent or received. */
  timeOf(line: RegExp, cseq: RegExp = /./): number | null {
    return this.messages().find((message) => line.test(message.line) && cseq.test(message.cseq))?.atMs ?? null;
  }
}

/** Whether the scenario is that of a telephone that is called. */
function isCalled(scenario: string): boolean {
  return scenario.startsWith('called-');
}

function scenarioText({ scenario, values = {} }: SippOptions): string {
  const text = fs.readFileSync(path.join(__dirname, 'sipp', `${scenario}.xml`), 'utf8');
  return text.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`SIPp scenario ${scenario} needs a value for ${name}`);
    return String(value);
  });
}

/** Date, time, epoch seconds, S or R, Call-ID, CSeq, first line; tabs between. */
function parseShortMessage(text: string): SipMessage {
  const [, , epoch = '0', way = '', callId = '', cseq = '', ...line] = text.split('\t');
  return {
    atMs: Math.round(Number(epoch) * 1000),
    sent: way === 'S',
    callId,
    cseq: cseq.replace(/^CSeq:\s*/, ''),
    line: line.join(' ').trim(),
  };
}
