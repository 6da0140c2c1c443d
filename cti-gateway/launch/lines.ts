/** One line (DID) of the hotline, as in `dialplans/extensions.d/lines.conf`. */
export interface Line {
  readonly number: string;
  /** Without the leading 0. */
  readonly areaCode: string;
  readonly queue: string;
  readonly label: string;
}

const LINE = /^exten\s*=>\s*(\d+),1,Gosub\(line,\$\{EXTEN\},1\((\d+),([^,()]+),([^()]*)\)\)/;

export function linesFromConfig(text: string): Line[] {
  return text.split('\n').flatMap((row) => {
    const [, number, areaCode, queue, label] = LINE.exec(row) ?? [];
    return number === undefined || areaCode === undefined || queue === undefined ? [] : [{ number, areaCode, queue, label: (label ?? '').trim() }];
  });
}

/** The text of `lines.conf` with these lines instead of its own. */
export function linesToConfig(text: string, lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    if (!/^\d+$/.test(line.number) || !/^\d*$/.test(line.areaCode) || /[\r\n,()]/.test(line.label + line.queue)) throw new Error(`line ${line.number}: a value cannot stand in the dialplan`);
    return `exten => ${line.number},1,Gosub(line,\${EXTEN},1(${line.areaCode},${line.queue},${line.label}))`;
  });
  const kept = text.split('\n').filter((row) => !LINE.test(row));
  const at = kept.indexOf('[lines]');
  return [...kept.slice(0, at + 1), ...rows, ...kept.slice(at + 1)].join('\n');
}

/** Value of HOTLINE_LINES: `number=label,…`. */
export function linesToEnv(lines: readonly Line[]): string {
  return lines.map((line) => `${line.number}=${line.label}`).join(',');
}

/** Lines of HOTLINE_LINES, which says neither area code nor queue. */
export function linesFromEnv(text: string): Line[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [number = '', label = ''] = entry.split('=', 2).map((part) => part.trim());
    return { number, areaCode: '', queue: '', label };
  });
}
