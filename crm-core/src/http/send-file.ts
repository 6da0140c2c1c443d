import path from 'node:path';
import type { Request, Response } from 'express';
import { AppError } from '../app-error';

const AUDIO: Readonly<Record<string, string>> = { '.wav': 'audio/wav', '.mp3': 'audio/mpeg', '.ogg': 'audio/ogg', '.opus': 'audio/ogg' };

/**
 * Sends a file below `root`, whole or the byte ranges asked for (RFC 9110, 14); not kept by anybody on the way. Only audio by its name
 * is sent, and nothing outside `root` or in a folder whose name begins with a dot.
 *
 * @throws AppError `not_found`: no such file, or none that may be sent.
 */
export async function sendFile(
  { request, response }: { request: Request; response: Response },
  { root, file }: { root: string; file: string },
): Promise<void> {
  const type = AUDIO[path.extname(file).toLowerCase()];
  if (type === undefined) throw AppError.notFound();
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'private, no-store');
  await new Promise<void>((resolve, reject) => {
    response.sendFile(file, { root, dotfiles: 'deny', cacheControl: false, acceptRanges: true }, (error: unknown) => {
      // Whoever moves about in a recording breaks off one answer after another.
      if (error === undefined || response.headersSent || request.destroyed) return resolve();
      response.removeHeader('Content-Type');
      if (statusOf(error) !== 416) return reject(AppError.notFound());
      response.status(416).end();
      resolve();
    });
  });
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null;
}
