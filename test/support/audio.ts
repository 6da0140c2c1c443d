/** Sound for tests: tones to send and the strength of a tone in what arrived. */

/** One sample of linear 16-bit PCM as G.711 A-law (ITU-T G.711): three bits of segment, four of step, every other bit inverted. */
function aLaw(sample: number): number {
  const magnitude = (sample >= 0 ? sample : -sample - 1) >> 3;
  const segment = Math.max(0, Math.min(7, 32 - Math.clz32(magnitude) - 5));
  const step = (magnitude >> Math.max(1, segment)) & 0x0f;
  return ((segment << 4) | step) ^ (sample >= 0 ? 0xd5 : 0x55);
}

/** Samples, −1…1, of raw A-law. */
export function aLawSamples(bytes: Buffer): Float64Array {
  return Float64Array.from(bytes, (byte) => {
    const code = byte ^ 0x55;
    const [segment, step] = [(code >> 4) & 0x07, code & 0x0f];
    const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
    return ((code & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
  });
}

function sine(frequencyHz: number, seconds: number, rateHz: number, level = 0.5): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rateHz) }, (_, i) => Math.round(Math.sin((2 * Math.PI * frequencyHz * i) / rateHz) * level * 32_767));
}

/** Raw A-law, 8 kHz, as SIPp's `rtp_stream` sends it. */
export function aLawTone(frequencyHz: number, seconds: number): Buffer {
  return Buffer.from(Array.from(sine(frequencyHz, seconds, 8_000), aLaw));
}

/** WAV, mono, 16 bit, as Chromium's fake microphone plays it. */
export function wavTone(frequencyHz: number, seconds: number, rateHz = 48_000): Buffer {
  const samples = Buffer.from(sine(frequencyHz, seconds, rateHz).buffer);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** Samples (−1…1) and rate of a mono 16-bit PCM WAV file; a file still being written (length 0 in its header) is read to its end. */
export function readWav(file: Buffer): { samples: Float64Array; rateHz: number } {
  const rateHz = file.readUInt32LE(24);
  let at = 12;
  while (file.toString('latin1', at, at + 4) !== 'data') at += 8 + file.readUInt32LE(at + 4);
  const data = file.subarray(at + 8);
  return { rateHz, samples: Float64Array.from({ length: Math.floor(data.length / 2) }, (_, i) => data.readInt16LE(i * 2) / 32_768) };
}

/**
 * Share of a signal's energy at one frequency, 0…1 (Goertzel), over the loudest half second, so that silence before
 * and after the talk does not count.
 */
export function toneShare(samples: Float64Array, rateHz: number, frequencyHz: number): number {
  const size = Math.floor(rateHz / 2);
  let best = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    const window = samples.subarray(start, start + size);
    const energy = window.reduce((sum, value) => sum + value * value, 0);
    if (energy / size < 1e-5) continue;
    best = Math.max(best, (2 * goertzel(window, rateHz, frequencyHz)) / (energy * size));
  }
  return best;
}

/** The longest stretch in which nothing is to be heard, looked at in tenths of a second. */
export function longestSilence(samples: Float64Array, rateHz: number): { readonly fromSec: number; readonly untilSec: number } {
  const size = Math.floor(rateHz / 10);
  let longest = { fromSec: 0, untilSec: 0 };
  let from = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    const energy = samples.subarray(start, start + size).reduce((sum, value) => sum + value * value, 0);
    if (energy / size > 1e-5) from = start + size;
    else if (start + size - from > (longest.untilSec - longest.fromSec) * rateHz) longest = { fromSec: from / rateHz, untilSec: (start + size) / rateHz };
  }
  return longest;
}

function goertzel(samples: Float64Array, rateHz: number, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / rateHz);
  let previous = 0;
  let beforePrevious = 0;
  for (const sample of samples) {
    const next = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = next;
  }
  return previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
}
