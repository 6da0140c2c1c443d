/** Waits until `look` gives something other than null, undefined and false; fails with its last error or `what`. */
export async function eventually<T>(what: string, look: () => Promise<T> | T, timeoutMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < end) {
    try {
      const value = await look();
      if (value !== null && value !== undefined && value !== false) return value;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause: lastError });
}
