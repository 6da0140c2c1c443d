const MOST = 8;
/** pino's level from which a line is about a fault. */
const ERROR = 50;

/** The last lines of a service's output as a person reads them: its sentences as they are, of its JSON log lines what they say. */
export function lastWords(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.map(readable).slice(-MOST);
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    const words = [msg, err?.message].filter((part) => part !== undefined && part !== '');
    return `${(level ?? 0) >= ERROR ? 'error: ' : ''}${[...new Set(words)].join(': ') || line}`;
  } catch {
    return line;
  }
}
