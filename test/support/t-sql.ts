/** What SQLite takes and SQL Server does not, as far as the text of a statement shows it. Statements as TypeORM prints them. */
export function tSqlFaults(sql: string): string[] {
  return [...outerReferences(sql), ...namesTwice(sql), ...foreignWords(sql), ...tooMany(sql)];
}

const AGGREGATE = /\b(?:SUM|COUNT|MIN|MAX|AVG)\(/gi;
const TABLE = /\b(?:FROM|JOIN)\s+"?\w+"?\s+(?:AS\s+)?"?(\w+)"?/gi;
const COLUMN = /"?\b([A-Za-z_]\w*)"?\."?\w+"?/g;

/** Error 8124: within an aggregate, columns of the query around its own. */
function outerReferences(sql: string): string[] {
  return [...sql.matchAll(AGGREGATE)].flatMap(({ index, 0: call }) => {
    const inside = inParentheses(sql, index + call.length - 1);
    const own = new Set([...withoutNested(queryAround(sql, index)).matchAll(TABLE)].map(([, alias]) => alias));
    const foreign = [...inside.matchAll(COLUMN)].filter(([, alias]) => !own.has(alias));
    return foreign.map(([column]) => `outer reference ${column} in ${call}${inside})`);
  });
}

/** The driver makes an array of two columns with one name. */
function namesTwice(sql: string): string[] {
  if (!sql.startsWith('SELECT')) return [];
  const names = [...(withoutNested(sql).split(/\bFROM\b/, 1)[0] ?? '').matchAll(/ AS "(\w+)"/g)].map(([, name]) => name);
  return names.filter((name, index) => names.indexOf(name) < index).map((name) => `two columns "${name}"`);
}

function foreignWords(sql: string): string[] {
  const words =
    sql.replace(/'[^']*'/g, "''").match(/\|\||\b(?:LIMIT|TRUE|FALSE|ON CONFLICT|RETURNING|GLOB|IFNULL|SUBSTR|LENGTH)\b/gi) ?? [];
  return words.map((word) => `${word} is not T-SQL`);
}

/** Error 8003. */
function tooMany(sql: string): string[] {
  const parameters = new Set(sql.match(/@\d+/g)).size;
  return parameters > 2_100 ? [`${parameters} parameters`] : [];
}

/** What stands between a parenthesis and the one that closes it. */
function inParentheses(sql: string, open: number): string {
  let depth = 0;
  for (let at = open; at < sql.length; at++) {
    if (sql[at] === '(') depth++;
    else if (sql[at] === ')' && --depth === 0) return sql.slice(open + 1, at);
  }
  return sql.slice(open + 1);
}

/** The innermost SELECT in parentheses that a place belongs to, else the whole statement. */
function queryAround(sql: string, place: number): string {
  let depth = 0;
  for (let at = place - 1; at >= 0; at--) {
    if (sql[at] === ')') depth++;
    else if (sql[at] === '(' && depth > 0) depth--;
    else if (sql[at] === '(' && /^\(\s*SELECT\b/i.test(sql.slice(at, at + 20))) return inParentheses(sql, at);
  }
  return sql;
}

function withoutNested(sql: string): string {
  let text = sql;
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(/\([^()]*\)/g, ' ')];
  return text;
}
