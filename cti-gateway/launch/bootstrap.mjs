/**
 * Installs what is missing and builds what is stale. Uses nothing but Node, because it runs before any package is there.
 * Everything it says goes to stderr: standard output belongs to the command that follows.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './children.mjs';
import { hasProgram, installDebianPackages } from './debian-packages.mjs';
import { withLock } from './lock.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = path.join(root, '.build');
const say = (line) => process.stderr.write(`${line}\n`);

/** What a person must put right; printed as one sentence without a stack. */
export class BootstrapError extends Error {}

/** Sources each result depends on; a change of any of their contents makes it stale. */
const SERVICES = ['cti-gateway', 'crm-core', 'test', 'tsconfig.json', 'package-lock.json'];
const PANEL = ['agent-panel', 'cti-gateway/protocol', 'crm-core/contract', 'crm-core/caller-id', 'package-lock.json'];

/** Holds the process id of an npm that has not finished; left where it was killed. */
const installing = path.join(root, '.run', 'npm.installing');

/** Runs `npm ci` unless node_modules is what package-lock.json says, for this Node. */
export async function ensureDependencies() {
  const stamp = path.join(root, 'node_modules', '.hotline-stamp');
  const wanted = `${digest(['package-lock.json'])} ${process.versions.modules}`;
  if (read(stamp) === wanted) return;
  await withLock(path.join(root, '.run', 'npm.lock'), { say }, async () => {
    if (read(stamp) === wanted) return;
    const sameNode = read(stamp)?.endsWith(` ${process.versions.modules}`) ?? true;
    if (!sameNode || fs.existsSync(installing) || !installedAsLocked()) await install();
    fs.writeFileSync(stamp, wanted);
  });
}

/**
 * Compiles the services and builds the panel, each only when its sources have changed since the last time.
 * @param {{ panel?: boolean }} options
 */
export async function ensureBuilt(options = {}) {
  fs.mkdirSync(build, { recursive: true });
  await withLock(path.join(build, 'build.lock'), { say }, async () => {
    await unlessFresh('services', SERVICES, 'cti-gateway', compileServices);
    if (options.panel !== false) await unlessFresh('panel', PANEL, 'panel/index.html', buildPanel);
  });
}

/**
 * Everything a command needs, then the command: `main(args)` of a compiled file, in this process.
 * @param {string} file below `.build`
 * @param {{ panel?: boolean }} options
 */
export async function launch(file, options = {}) {
  await guarded(async () => {
    await ensureDependencies();
    await ensureBuilt(options);
    await createRequire(import.meta.url)(path.join(build, file)).main(process.argv.slice(2));
  });
}

/** Prints an expected problem as its sentence, anything else with its stack; either way the exit code is 1. */
export async function guarded(work) {
  try {
    await work();
  } catch (error) {
    say(sentenceOf(error));
    process.exit(1);
  }
}

/** What a person is told of an error: a sentence where it is theirs to put right, else the stack. */
export function sentenceOf(error) {
  if (error instanceof BootstrapError || error?.name === 'LaunchError') return error.message;
  const advice = error?.syscall === undefined ? undefined : ADVICE[error.code];
  return advice === undefined ? (error?.stack ?? String(error)) : `${error.path ?? root} cannot be written (${error.code}): ${advice}`;
}

const NOT_YOURS = 'it belongs to somebody else; make it yours (chown -R), or start from a checkout of your own.';
const FULL = 'the disk is full; make room there and try again.';
const ADVICE = { EACCES: NOT_YOURS, EPERM: NOT_YOURS, EROFS: 'that disk is read-only; start from a checkout on one that is not.', ENOSPC: FULL, EDQUOT: FULL };

async function install() {
  say('Installing dependencies (npm ci); on a small machine this takes about two minutes …');
  const started = Date.now();
  await clearHalfInstalled();
  const timer = setInterval(() => say(`  … still installing, ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  try {
    await npmCi();
    fs.rmSync(installing, { force: true });
  } finally {
    clearInterval(timer);
  }
  say(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** npm stumbles over what an npm that was killed has left behind, and over one whose launcher was killed and that runs on. */
async function clearHalfInstalled() {
  const pid = Number.parseInt(read(installing) ?? '', 10);
  if (Number.isNaN(pid)) return;
  if (/\bnpm\b/.test(read(`/proc/${pid}/cmdline`) ?? '')) {
    say(`Ending an installation that was left running (process ${pid}) …`);
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // gone already
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  fs.rmSync(path.join(root, 'node_modules'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** What SQLite is compiled with where no ready-made one can be fetched for this Node, and the Debian package of each. */
const COMPILER = ['python3', 'make', 'g++'];

async function npmCi() {
  const run = () =>
    execute('npm', ['ci', '--no-audit', '--no-fund'], 'Installing the dependencies failed (see above). Is the network up?', {
      env: withOwnHeaders(process.env),
      onStart: (pid) => fs.writeFileSync(installing, `${pid}\n`),
    });
  const missing = COMPILER.filter((program) => !hasProgram(program));
  try {
    await run();
  } catch (error) {
    if (missing.length === 0) throw error;
    const advice = `${error.message} SQLite may have to be compiled, for which this machine lacks ${missing.join(', ')} (Debian: apt-get install ${missing.join(' ')}).`;
    if (!(await installDebianPackages(missing, say))) throw new BootstrapError(advice);
    await run();
  }
}

/** The headers that stand beside this Node, so that they need not be fetched to compile. */
function withOwnHeaders(env) {
  const folder = path.resolve(path.dirname(fs.realpathSync(process.execPath)), '..');
  if (env.npm_config_nodedir !== undefined || !fs.existsSync(path.join(folder, 'include/node/node_version.h'))) return env;
  return { ...env, npm_config_nodedir: folder };
}

/** True when somebody has run npm already and it left exactly the packages of the lock file. */
function installedAsLocked() {
  const installed = json(path.join(root, 'node_modules', '.package-lock.json'))?.packages;
  const locked = json(path.join(root, 'package-lock.json'))?.packages;
  if (!installed || !locked) return false;
  const same = Object.entries(installed).every(([name, entry]) => locked[name]?.version === entry.version);
  return same && Object.entries(locked).every(([name, entry]) => name === '' || entry.optional || entry.peer || entry.link || name in installed);
}

async function unlessFresh(name, sources, result, make) {
  const stamp = path.join(build, `${name}.stamp`);
  const wanted = digest(sources);
  if (read(stamp) === wanted && fs.existsSync(path.join(build, result))) return;
  const started = Date.now();
  say(`Building ${name} …`);
  await make();
  fs.writeFileSync(stamp, wanted);
  say(`Built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** Compiles beside the old result and then replaces it, so that no file of a deleted source stays behind. Types are checked by the tests. */
async function compileServices() {
  const fresh = path.join(build, 'services.new');
  fs.rmSync(fresh, { recursive: true, force: true });
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await execute(process.execPath, [compiler, '-p', 'tsconfig.json', '--noCheck', '--outDir', fresh], 'The services could not be compiled (see above).');
  for (const name of ['cti-gateway', 'crm-core']) copyAssets(path.join(root, name), path.join(fresh, name));
  for (const name of fs.readdirSync(fresh)) {
    fs.rmSync(path.join(build, name), { recursive: true, force: true });
    fs.renameSync(path.join(fresh, name), path.join(build, name));
  }
  fs.rmSync(fresh, { recursive: true, force: true });
}

/** Files beside the sources that are read at run time. */
function copyAssets(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) copyAssets(source, target);
    else if (!/\.(ts|mts|mjs|md)$/.test(entry.name)) {
      fs.mkdirSync(to, { recursive: true });
      fs.copyFileSync(source, target);
    }
  }
}

async function buildPanel() {
  // Vite warns about a loader this configuration does not use.
  process.env.VITE_CONFIG_NATIVE_IGNORE_WARNING = 'true';
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await execute(process.execPath, [vite, 'build', '-c', 'agent-panel/vite.config.ts', '--logLevel', 'warn'], 'The panel could not be built (see above).');
}

async function execute(command, args, problem, options = {}) {
  const code = await runToEnd(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options }).catch(() => {
    throw new BootstrapError(`The program "${command}" is needed and was not found; please install it.`);
  });
  if (code !== 0) throw new BootstrapError(problem);
}

/** Digest of names and contents of files and folders. */
function digest(names) {
  const hash = createHash('sha256');
  const add = (file) => {
    if (!fs.existsSync(file)) return;
    if (!fs.statSync(file).isDirectory()) hash.update(`${path.relative(root, file)}\n`).update(fs.readFileSync(file));
    else for (const name of fs.readdirSync(file).sort()) if (name !== 'node_modules' && !name.startsWith('.')) add(path.join(file, name));
  };
  for (const name of names) add(path.join(root, name));
  return hash.digest('hex');
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function json(file) {
  const text = read(file);
  return text === null ? null : JSON.parse(text);
}
