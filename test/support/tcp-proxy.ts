import net from 'node:net';

/** A wire that a test can cut: between the gateway and Asterisk. */
export class TcpProxy {
  private readonly server: net.Server;
  private readonly pairs = new Set<{ readonly near: net.Socket; readonly far: net.Socket }>();
  private open = true;
  private cutInside: ((chunk: Buffer) => number) | null = null;

  private constructor(private readonly target: { readonly host: string; readonly port: number }) {
    this.server = net.createServer((near) => this.join(near));
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Ends every connection without a word and lets none through until {@link mend}. */
  cut(): void {
    this.open = false;
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.pairs.clear();
  }

  /** The next time Asterisk sends this text, half of it goes through, and then the wire is cut. */
  cutInTheMiddleOf(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.cutInside = (chunk) => {
        const at = chunk.indexOf(text);
        if (at < 0) return -1;
        resolve();
        return at + Math.floor(text.length / 2);
      };
    });
  }

  mend(): void {
    this.open = true;
    for (const { near, far } of this.pairs) {
      near.resume();
      far.resume();
    }
  }

  /** Connections stay, and nothing comes through. */
  stall(): void {
    for (const { near, far } of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: net.Socket): void {
    if (!this.open) return void near.resetAndDestroy();
    const far = net.connect(this.target.port, this.target.host);
    const pair = { near, far };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => this.pass(chunk, near));
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
  }

  private pass(chunk: Buffer, near: net.Socket): void {
    const at = this.cutInside?.(chunk) ?? -1;
    if (at < 0) return void near.write(chunk);
    this.cutInside = null;
    near.write(chunk.subarray(0, at), () => this.cut());
  }
}
