import { loadConfig as loadCrmConfig } from '../../crm-core/src/config';
import { loadConfig as loadGatewayConfig } from '../src/config';
import { messageOf } from './launch-error';

const STAND_IN = 'x'.repeat(48);

/** What both services would say of the environment, before either is started; each sentence begins with the variable's name. */
export async function serviceProblems(env: NodeJS.ProcessEnv, { external }: { readonly external: boolean }): Promise<string[]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  // What `npm start` makes itself where it is not given.
  const made = { HOTLINE_INTERNAL_SECRET: STAND_IN, HOTLINE_GATEWAY_TOKEN: STAND_IN, HOTLINE_DEMO: '1', HOTLINE_DEMO_PASSWORD: STAND_IN };
  const asterisk = external ? {} : { ASTERISK_AMI_SECRET: STAND_IN, ASTERISK_ARI_PASSWORD: STAND_IN };
  const whole = { ...made, ...asterisk, ...given };
  return [...(await problemsOf(() => loadCrmConfig(whole))), ...(await problemsOf(() => loadGatewayConfig(whole)))];
}

async function problemsOf(load: () => unknown): Promise<string[]> {
  try {
    return listIn(await load()) ?? [];
  } catch (error) {
    return (
      listIn(error) ??
      messageOf(error)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /^[A-Z][A-Z0-9_]+ /.test(line))
    );
  }
}

function listIn(value: unknown): string[] | null {
  if (typeof value !== 'object' || value === null || !('problems' in value) || !Array.isArray(value.problems)) return null;
  return value.problems.map(String);
}

/** One sentence for each variable: the first. */
export function oncePerVariable(problems: readonly string[]): string[] {
  const named = new Set<string>();
  return problems.filter((problem) => {
    const name = /^[A-Z][A-Z0-9_]+/.exec(problem)?.[0] ?? problem;
    return !named.has(name) && named.add(name);
  });
}
