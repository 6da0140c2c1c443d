/** Text as a LIKE pattern that means the text itself; to be used with `ESCAPE '\'`, which both databases understand. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_[]/g, '\\$&');
}

export function containing(text: string): string {
  return `%${escapeLike(text)}%`;
}
