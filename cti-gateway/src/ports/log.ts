/**
 * One line per fact. error: a person must act; warn: recovered; info: one line per lifecycle step; debug: the rest.
 * Phone numbers masked (`maskForLog`), no names, no texts, no secrets.
 */
export interface Log {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} };
