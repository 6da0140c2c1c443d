import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** In a Node of its own: the module is there to be understood by any of them. */
function problems(versions: readonly string[]): unknown {
  const file = pathToFileURL(join(__dirname, 'node-version.mjs')).href;
  const script = `import('${file}').then((m) => console.log(JSON.stringify(${JSON.stringify(versions)}.map(m.nodeProblem))))`;
  return JSON.parse(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}

describe('the version of Node', () => {
  it('is enough from 20.19 and from 22.12 on', () => {
    const fit = ['v20.19.0', 'v20.20.2', 'v22.12.0', 'v23.0.0', 'v24.1.0'];
    expect(problems(fit)).toEqual(fit.map(() => null));
  });

  it('is told in one sentence when it does not do', () => {
    const unfit = ['v20.18.3', 'v18.20.0', 'v21.7.3', 'v22.0.0', 'v22.11.0'];
    expect(problems(unfit)).toEqual(
      unfit.map(
        (version) =>
          `Node 20.19 or 22.12 and newer is needed and this is ${version}; install a newer one (https://nodejs.org) and try again.`,
      ),
    );
  });
});
