/** Agents' telephones are `PJSIP/<extension>`. The whole name counts: `PJSIP/10` is not `PJSIP/101`, `PJSIP/trunk` is nobody. */
const AGENT_ENDPOINT = /^PJSIP\/(\d{2,10})$/;

/** @param endpoint endpoint, queue member interface or device: `PJSIP/1001`. */
export function extensionOf(endpoint: string): string | null {
  return AGENT_ENDPOINT.exec(endpoint)?.[1] ?? null;
}
