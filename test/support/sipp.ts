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

/** One run of SIPp: a customer's telephone. */
export class Sipp {
  private readonly child: ChildProcess;
  private readonly messagesFile: string;
  private readonly exited: Promise<number | null>;
  private static runs = 0;

  constructor(options: SippOptions) {
    const folder = path.join(options.workDir, `sipp-${(Sipp.runs += 1)}-${options.scenario}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'scenario.xml'), scenarioText(options));
    fs.writeFileSync(path.join(folder, 'tone.al'), aLawTone(options.toneHz ?? 1000, 10));
    this.messagesFile = path.join(folder, 'messages.log');
    const args = ['-sf', 'scenario.xml', '-i', options.localIp, '-p', String(options.localPort), '-mi', options.localIp, '-nostdin', '-m', '1', '-trace_shortmsg', '-shortmessage_file', this.messagesFile, '-trace_err', '-error_file', path.join(folder, 'errors.log'), ...options.args];
    const log = fs.openSync(path.join(folder, 'output.log'), 'w');
    this.child = spawn(options.binary, args, { cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, TERM: 'dumb' } });
    fs.closeSync(log);
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** SIPp's exit code: 0 when the scenario went as written. */
  async finished(): Promise<number | null> {
    return this.exited;
  }

  async stop(): Promise<void> {
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
  return { atMs: Math.round(Number(epoch) * 1000), sent: way === 'S', callId, cseq: cseq.replace(/^CSeq:\s*/, ''), line: line.join(' ').trim() };
}
