// Evaluated before anything else, so it must be understood by any Node that knows ES modules.

/** Versions that the panel's build and the services run on: 20.19 and later of 20, 22.12 and everything after it. */
function isFit(major, minor) {
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/** @returns {string | null} one sentence when this version does not do */
export function nodeProblem(version) {
  var parts = version.replace(/^v/, '').split('.').map(Number);
  if (isFit(parts[0], parts[1])) return null;
  return 'Node 20.19 or 22.12 and newer is needed and this is ' + version + '; install a newer one (https://nodejs.org) and try again.';
}

var problem = nodeProblem(process.version);
if (problem) {
  console.error(problem);
  process.exit(1);
}
