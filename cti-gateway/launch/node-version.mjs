// Evaluated before anything else, so it must be understood by any Node that knows ES modules.
var NEEDED = [20, 19];

/** @returns {string | null} one sentence when this version is too old */
export function nodeProblem(version) {
  var parts = version.replace(/^v/, '').split('.').map(Number);
  if (parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])) return null;
  return 'Node ' + NEEDED.join('.') + ' or newer is needed and this is ' + version + '; install a newer one (https://nodejs.org) and try again.';
}

var problem = nodeProblem(process.version);
if (problem) {
  console.error(problem);
  process.exit(1);
}
