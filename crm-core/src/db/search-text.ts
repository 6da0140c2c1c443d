/**
 * The form in which names are compared: width and compatibility forms folded (NFKC), lower case, blanks made one. Kept in a
 * column of its own, because SQL Server's default collation ignores case and width and SQLite's does not.
 */
export function searchText(text: string, maxLength = 400): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim().slice(0, maxLength);
}
