import { createHandover, type HandoverChannel } from './handover';

/** Two windows on one channel. */
function windows() {
  const make = (): HandoverChannel & { other?: HandoverChannel } => ({
    onmessage: null,
    postMessage(message) {
      this.other?.onmessage?.({ data: message } as MessageEvent);
    },
    close: () => {},
  });
  const [a, b] = [make(), make()];
  a.other = b;
  b.other = a;
  return [a, b] as const;
}

describe('handing a living call to another window', () => {
  it.each([
    ['the owner lets go', true, 1],
    ['a window that does not own it stays as it is', false, 0],
  ])('%s', (_title, owns, expected) => {
    const [a, b] = windows();
    let reloads = 0;
    createHandover(
      b,
      () => owns,
      () => (reloads += 1),
    );
    createHandover(
      a,
      () => false,
      () => {},
    ).ask();
    expect(reloads).toBe(expected);
  });

  it('nothing is heard once it is closed, which may happen twice', () => {
    const [a, b] = windows();
    let reloads = 0;
    const handover = createHandover(
      b,
      () => true,
      () => (reloads += 1),
    );
    handover.close();
    handover.close();
    createHandover(
      a,
      () => false,
      () => {},
    ).ask();
    expect(reloads).toBe(0);
  });
});
