/**
 * Delay before the n-th try (n from 1), in milliseconds: doubles up to a maximum, and half of it is chance, so that
 * agents do not all come back in the same instant after a restart of the gateway.
 */
export function backoffMs(attempt: number, limits: { readonly firstMs: number; readonly maxMs: number }, random: () => number): number {
  const full = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (full / 2) * random());
}
