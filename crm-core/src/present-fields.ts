/** A patch without what was left out, so that spreading it over a record changes only what was named. */
export function presentFields<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  return Object.assign(present, Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)));
}
