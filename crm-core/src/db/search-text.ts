/**
 * The form in which names are compared: width and compatibility forms folded (NFKC), lower case, blanks made one, nothing invisible. Kept in a
 * column of its own, because SQL Server's default collation ignores case and width and SQLite's does not.
 */
export function searchText(text: string, maxLength = 400): string {
  const visible = text.normalize('NFKC').replace(/[\p{Cc}\p{Cf}\s]+/gu, (run) => (/^\p{Cf}+$/u.test(run) ? '' : ' '));
  return visible.toLowerCase().trim().slice(0, maxLength);
}
