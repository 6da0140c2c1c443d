import net from 'node:net';

export type AmiHeaders = Readonly<Record<string, string>>;

export interface ReceivedAction {
  readonly connection: number;
  readonly action: string;
  /** Names as they were written. */
  readonly headers: AmiHeaders;
}

/** Header lines of one message; a list stands for a header that repeats. */
type Row = readonly (readonly [name: string, value: string])[];

interface Visitor {
  readonly number: number;
  readonly socket: net.Socket;
  text: string;
  loggedIn: boolean;
  events: boolean;
}

/**
 * Asterisk's manager interface as far as an adapter can see it, with the ways it fails. Behaviour after Asterisk 22.10 and
 * its recordings: an answer per action, lists by events with its ActionID, events to whom has them on.
 */
export class FakeAmi {
  readonly accounts = new Map([['gateway', 'right']]);
  readonly received: ReceivedAction[] = [];
  /** What CoreShowChannels, QueueStatus and DeviceStateList answer. */
  channels: Row[] = [];
  queue: { name: string; rows: Row }[] = [];
  devices: Row[] = [];
  startupTime = '10:00:00';
  /** Failure modes. */
  readonly ignoredActions = new Set<string>();
  readonly refusedActions = new Map<string, string>();
  /** Added to the answer of an action. */
  readonly extraHeaders = new Map<string, Row>();
  loginAnswer: 'usual' | 'shutting down' | 'none' = 'usual';
  /** The connection stays open and nothing is read or answered: a machine that has gone. */
  frozen = false;
  booted = true;
  /** Runs before an action is answered. */
  beforeAnswer: ((action: string) => void | Promise<void>) | null = null;
  connections = 0;

  private readonly visitors = new Set<Visitor>();
  private readonly server = net.createServer({ noDelay: true }, (socket) => this.welcome(socket));
  private listeningPort = 0;

  static async start(port = 0): Promise<FakeAmi> {
    const fake = new FakeAmi();
    await fake.listen(port);
    return fake;
  }

  get port(): number {
    return this.listeningPort;
  }

  get open(): number {
    return this.visitors.size;
  }

  /** Who has events on. */
  get listeners(): number {
    return [...this.visitors].filter((visitor) => visitor.events).length;
  }

  actions(name: string): ReceivedAction[] {
    return this.received.filter((received) => received.action === name);
  }

  /** An event for everybody who has events on. */
  emit(name: string, headers: AmiHeaders = {}): void {
    this.raw(message([['Event', name], ...Object.entries(headers)]));
  }

  /** Bytes as they are, to everybody who has events on. */
  raw(bytes: string | Buffer): void {
    for (const visitor of this.visitors) if (visitor.events) visitor.socket.write(bytes);
  }

  /** The beginning of a message, to everybody. */
  halfMessage(text: string): void {
    for (const { socket } of this.visitors) socket.write(text);
  }

  /** Ends every connection; `cleanly` with a FIN, else as a crash does. */
  drop(cleanly = true): void {
    for (const { socket } of this.visitors) {
      if (cleanly) socket.end();
      else socket.resetAndDestroy();
    }
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.listeningPort = (this.server.address() as net.AddressInfo).port;
  }

  /** No longer there: connections end, new ones are refused. May be followed by `listen`. */
  async stop(): Promise<void> {
    for (const { socket } of this.visitors) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private welcome(socket: net.Socket): void {
    const visitor: Visitor = { number: ++this.connections, socket, text: '', loggedIn: false, events: false };
    this.visitors.add(visitor);
    socket.on('error', () => undefined);
    socket.on('close', () => this.visitors.delete(visitor));
    socket.on('data', (chunk) => this.read(visitor, chunk.toString('utf8')));
    if (!this.frozen) socket.write('Asterisk Call Manager/11.0.0\r\n');
  }

  private read(visitor: Visitor, text: string): void {
    if (this.frozen) return;
    visitor.text += text;
    for (let end = visitor.text.indexOf('\r\n\r\n'); end >= 0; end = visitor.text.indexOf('\r\n\r\n')) {
      const lines = visitor.text.slice(0, end).split('\r\n');
      visitor.text = visitor.text.slice(end + 4);
      const headers = Object.fromEntries(lines.map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trimStart()]));
      void this.take(visitor, { connection: visitor.number, action: header(headers, 'action'), headers });
    }
  }

  private async take(visitor: Visitor, received: ReceivedAction): Promise<void> {
    this.received.push(received);
    const { action, headers } = received;
    if (this.ignoredActions.has(action)) return;
    await this.beforeAnswer?.(action);
    if (this.frozen) return;
    const id: Row = [['ActionID', header(headers, 'actionid')]];
    const answer = (rows: string): void => void visitor.socket.write(rows);
    if (action.toLowerCase() === 'login') return this.login(visitor, headers, id);
    const refusal = visitor.loggedIn ? this.refusedActions.get(action) : 'Permission denied';
    if (refusal !== undefined) return answer(message([['Response', 'Error'], ...id, ['Message', refusal]]));
    if (action === 'Events') visitor.events = header(headers, 'eventmask') !== 'off';
    answer(this.answerTo(action, id));
  }

  private login(visitor: Visitor, headers: AmiHeaders, id: Row): void {
    if (this.loginAnswer === 'none') return;
    const known = this.accounts.get(header(headers, 'username')) === header(headers, 'secret');
    const refusal = this.loginAnswer === 'shutting down' ? 'Asterisk is shutting down' : known ? null : 'Authentication failed';
    if (refusal !== null) {
      visitor.socket.end(message([['Response', 'Error'], ...id, ['Message', refusal]]));
      return;
    }
    visitor.loggedIn = true;
    // As Asterisk has it: events are on unless the header `Events`, with its s, says otherwise.
    visitor.events = header(headers, 'events') !== 'off';
    visitor.socket.write(message([['Response', 'Success'], ...id, ['Message', 'Authentication accepted']]));
    if (this.booted && visitor.events)
      visitor.socket.write(
        message([
          ['Event', 'FullyBooted'],
          ['Status', 'Fully Booted'],
        ]),
      );
  }

  private answerTo(action: string, id: Row): string {
    const success = (more: Row): string => message([['Response', 'Success'], ...id, ...more]);
    const list = (rows: { name: string; rows: Row }[], complete: string): string =>
      success([['EventList', 'start']]) +
      rows.map(({ name, rows: headers }) => message([['Event', name], ...id, ...headers])).join('') +
      message([['Event', complete], ...id, ['EventList', 'Complete'], ['ListItems', String(rows.length)]]);
    const named = (name: string, rows: Row[]): { name: string; rows: Row }[] => rows.map((headers) => ({ name, rows: headers }));
    switch (action) {
      case 'Ping':
        return success([
          ['Ping', 'Pong'],
          ['Timestamp', (Date.now() / 1_000).toFixed(6)],
        ]);
      case 'CoreStatus':
        return success([
          ['CoreStartupDate', '2026-11-21'],
          ['CoreStartupTime', this.startupTime],
        ]);
      case 'CoreShowChannels':
        return list(named('CoreShowChannel', this.channels), 'CoreShowChannelsComplete');
      case 'QueueStatus':
        return list(this.queue, 'QueueStatusComplete');
      case 'DeviceStateList':
        return list(named('DeviceStateChange', this.devices), 'DeviceStateListComplete');
      default:
        return success([['Message', 'Done'], ...(this.extraHeaders.get(action) ?? [])]);
    }
  }
}

function header(headers: AmiHeaders, name: string): string {
  return Object.entries(headers).find(([written]) => written.toLowerCase() === name)?.[1] ?? '';
}

function message(rows: Row): string {
  return rows.map(([name, value]) => `${name}: ${value}\r\n`).join('') + '\r\n';
}
