import type { AudioLevels } from './phone-types';

/** `audioLevel` (0–1) of what is heard and of what the microphone gives; W3C "Identifiers for WebRTC's Statistics API". */
export async function audioLevelsOf(connection: RTCPeerConnection | null | undefined): Promise<AudioLevels> {
  let inbound: number | null = null;
  let outbound: number | null = null;
  if (connection === null || connection === undefined) return { inbound, outbound };
  const report = await connection.getStats();
  report.forEach((entry: { type: string; kind?: string; audioLevel?: number }) => {
    if (entry.kind !== 'audio' || entry.audioLevel === undefined) return;
    if (entry.type === 'inbound-rtp') inbound = entry.audioLevel;
    if (entry.type === 'media-source') outbound = entry.audioLevel;
  });
  return { inbound, outbound };
}
