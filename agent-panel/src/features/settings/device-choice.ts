import { z } from 'zod';
import type { DeviceChoice } from '../../softphone';

const STORED = 'hotline.devices';
const Stored = z.object({ microphoneId: z.string(), speakerId: z.string(), ringerId: z.string() });

/** Which devices were chosen at this computer; empty: the browser's default. */
export function readDeviceChoice(storage: Pick<Storage, 'getItem'>): DeviceChoice {
  try {
    return Stored.parse(JSON.parse(storage.getItem(STORED) ?? ''));
  } catch {
    return { microphoneId: '', speakerId: '', ringerId: '' };
  }
}

export function writeDeviceChoice(storage: Pick<Storage, 'setItem'>, choice: DeviceChoice): void {
  storage.setItem(STORED, JSON.stringify(choice));
}
