import { EXTENSION } from './extension';

const TECHNOLOGY = 'PJSIP/';

/**
 * Agents' telephones are `PJSIP/<extension>`. The whole name counts: `PJSIP/10` is not `PJSIP/101`, `PJSIP/trunk` is nobody.
 *
 * @param endpoint endpoint, queue member interface or device.
 */
export function extensionOf(endpoint: string): string | null {
  const name = endpoint.startsWith(TECHNOLOGY) ? endpoint.slice(TECHNOLOGY.length) : '';
  return EXTENSION.test(name) ? name : null;
}
