/** Parts of a text for highlighting: what matches one of the query's words, and what does not. Text only, never markup. */
export function markedParts(text: string, query: string): ReadonlyArray<{ readonly text: string; readonly hit: boolean }> {
  const words = query
    .split(/\s+/)
    .filter((word) => word.length > 0)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(`(${words.join('|')})`, 'giu');
  return text.split(pattern).flatMap((part, index) => (part === '' ? [] : [{ text: part, hit: index % 2 === 1 }]));
}
