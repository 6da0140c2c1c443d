import type { Voicemail } from './call';
import type { DialplanVariables } from './pbx-event';

/** The message that the dialplan kept; null: none, or not told as agreed. */
export function voicemailOf({ voicemail }: DialplanVariables): Voicemail | null {
  const [, file, length] = /^(.{1,255}):(\d{1,9})$/.exec(voicemail ?? '') ?? [];
  return file === undefined || length === undefined ? null : { file, durationMs: Number(length) };
}
