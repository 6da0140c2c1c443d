const DEADLINE_MS = 2_000;

/**
 * True when somebody answers at the address of the gateway's WebSocket; what they answer does not matter. Browsers hold back WebSockets to
 * where many have failed (Chromium each one for up to five seconds, after some thirty), but not plain requests: so a panel that waits for
 * the gateway asks this way, and is back as soon as the gateway is.
 */
export async function gatewayAnswers(url: string): Promise<boolean> {
  try {
    await fetch(url.replace(/^ws/, 'http'), {
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return true;
  } catch {
    return false;
  }
}
