import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { aLawSamples, toneShare } from './audio';

const RTP_HEADER = 12;
const RATE_HZ = 8_000;

/** What a telephone hears: RTP with G.711 A-law on a port of its own, kept as it comes. */
export class RtpEar {
  private readonly heard: Buffer[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet) => this.heard.push(packet.subarray(RTP_HEADER)));
  }

  static async listen(host: string): Promise<RtpEar> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, host, resolve));
    return new RtpEar(socket);
  }

  get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }

  /** Loudest sample so far, 0…1. */
  get level(): number {
    return aLawSamples(Buffer.concat(this.heard)).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  }

  /** Share of one tone in the loudest half second, 0…1. */
  toneShare(frequencyHz: number): number {
    return toneShare(aLawSamples(Buffer.concat(this.heard)), RATE_HZ, frequencyHz);
  }

  close(): void {
    this.socket.close();
  }
}
