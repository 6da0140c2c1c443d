let stopOther: (() => void) | null = null;

/** Two recordings at once are none: whoever begins stops the other. */
export function onlyOnePlays(stop: () => void): void {
  if (stopOther !== null && stopOther !== stop) stopOther();
  stopOther = stop;
}
