/**
 * Finds the Debian mirror this machine already uses. Pure: text in, addresses out.
 * Formats: sources.list(5), one-line and deb822.
 */

/** What `mirrorFromIndexTargets` reads. */
export const INDEX_TARGETS_FORMAT = '$(REPO_URI)|$(COMPONENT)|$(ORIGIN)|$(LABEL)';

/** The archive by what its own index says of it, whatever its address: a list of mirrors, a snapshot, a proxy. */
export function mirrorFromIndexTargets(output: string): string | null {
  for (const line of output.split('\n')) {
    const [uri, component, origin, label] = line.trim().split('|');
    // The security archive is of the same origin and does not hold the next release.
    if (uri && component === 'main' && origin === 'Debian' && label === 'Debian') return uri;
  }
  return null;
}

/** Of addresses in sources that apt has not read yet the likeliest to be the archive; those of other makers and of security are none. */
export function likeliestArchive(uris: readonly string[]): string | null {
  const candidates = uris.filter((uri) => !/security/i.test(uri) && /^(https?|file|copy|mirror\+\w+):\S*debian/i.test(uri));
  return (
    candidates.find((uri) => /\/debian\/*$/.test(uri)) ??
    candidates.find((uri) => /\/debian(\.list)?(\/|$)/.test(uri)) ??
    candidates[0] ??
    null
  );
}

/** Addresses in the text of a `.list` file: `deb [options] URI suite component…`. */
export function urisOfList(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+\S+\s+(.*)$/.exec(line);
    return match?.[1] && /\bmain\b/.test(match[2] ?? '') ? [match[1]] : [];
  });
}

/** Addresses in the text of a `.sources` file: stanzas of `Field: value` with continuation lines. */
export function urisOfDeb822(text: string): string[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = stanzaFields(stanza);
    if ((fields.get('enabled') ?? 'yes').toLowerCase() === 'no') return [];
    if (!/\bdeb\b/.test(fields.get('types') ?? '') || !/\bmain\b/.test(fields.get('components') ?? '')) return [];
    return (fields.get('uris') ?? '').split(/\s+/).filter((uri) => uri !== '');
  });
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
