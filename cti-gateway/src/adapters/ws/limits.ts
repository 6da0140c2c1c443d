/** Bounds of one gateway's sessions. Every one has a test or a reason. */
export interface SessionLimits {
  /** First frame after the connection is open. */
  readonly helloTimeoutMs: number;
  /** Without any frame or pong for this long, the other side is gone. */
  readonly silenceMs: number;
  readonly pingEveryMs: number;
  /** A command of the panel: the longest is a hello with its ticket. */
  readonly maxFrameBytes: number;
  /** Commands of one window that have no answer yet. */
  readonly maxOutstanding: number;
  /** Frames of one window per second, and the burst allowed. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  /** Bytes handed to a socket that its reader has not taken: beyond this it is cut, and resumes. */
  readonly maxSendBufferBytes: number;
  /** How long a cut reader gets to take what was sent before it is dropped. */
  readonly closeGraceMs: number;
  readonly maxSessionsPerUser: number;
  readonly maxConnections: number;
  /** How long a window that lost its connection can resume. */
  readonly resumeForMs: number;
  readonly resumeFrames: number;
  readonly resumeBytes: number;
  readonly rememberedCommands: number;
  readonly rememberCommandsMs: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  helloTimeoutMs: 5_000,
  silenceMs: 35_000,
  pingEveryMs: 10_000,
  maxFrameBytes: 16_384,
  maxOutstanding: 32,
  framesPerSecond: 30,
  frameBurst: 100,
  maxSendBufferBytes: 1_048_576,
  closeGraceMs: 3_000,
  maxSessionsPerUser: 8,
  maxConnections: 5_000,
  resumeForMs: 60_000,
  resumeFrames: 512,
  resumeBytes: 524_288,
  rememberedCommands: 256,
  rememberCommandsMs: 10 * 60_000,
};
