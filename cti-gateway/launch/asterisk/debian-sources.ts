/**
 * Finds the Debian mirror this machine already uses. Pure: text in, addresses out.
 * Formats: sources.list(5), one-line and deb822.
 */

/** Lines of `apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(ORIGIN)'`. */
export function mirrorFromIndexTargets(output: string): string | null {
  for (const line of output.split('\n')) {
    const [uri, component, ...origin] = line.trim().split(/\s+/);
    if (uri && component === 'main' && origin.join(' ') === 'Debian' && isArchive(uri)) return uri;
  }
  return null;
}

/** Text of a `.list` file: `deb [options] URI suite component…`. */
export function mirrorFromList(text: string): string | null {
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+\S+\s+(.*)$/.exec(line);
    if (match?.[1] && /\bmain\b/.test(match[2] ?? '') && isArchive(match[1])) return match[1];
  }
  return null;
}

/** Text of a `.sources` file: stanzas of `Field: value` with continuation lines. */
export function mirrorFromDeb822(text: string): string | null {
  for (const stanza of text.split(/\n\s*\n/)) {
    const fields = stanzaFields(stanza);
    if ((fields.get('enabled') ?? 'yes').toLowerCase() === 'no') continue;
    if (!/\bdeb\b/.test(fields.get('types') ?? '') || !/\bmain\b/.test(fields.get('components') ?? '')) continue;
    const uri = (fields.get('uris') ?? '').split(/\s+/).find((candidate) => candidate !== '' && isArchive(candidate));
    if (uri !== undefined) return uri;
  }
  return null;
}

function stanzaFields(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
    if (match?.[1]) {
      last = match[1].toLowerCase();
      fields.set(last, match[2] ?? '');
    } else if (/^\s/.test(line) && last !== '') {
      fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
    }
  }
  return fields;
}

/** The main archive is the one whose address ends in `/debian`; security and ports end otherwise. */
function isArchive(uri: string): boolean {
  return /^(https?|file|copy|mirror\+\S+):\S*\/debian\/*$/.test(uri);
}
