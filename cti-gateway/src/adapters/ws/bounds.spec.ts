import { EventEnvelope } from '../../../protocol';
import { CommandLedger } from './command-ledger';
import { encodeEvent, withSeq } from './frame-encoder';
import { originAllowed } from './origin-check';
import { ResumeBuffer } from './resume-buffer';

describe('the frames kept for a window that comes back', () => {
  const frame = (size: number): Buffer => Buffer.alloc(size);

  it('are those after the last one seen, or none when some are gone', () => {
    const buffer = new ResumeBuffer(3, 1_000);
    for (let size = 1; size <= 5; size += 1) buffer.push(frame(size));
    expect(buffer.seq).toBe(5);
    expect(buffer.after(5)).toEqual([]);
    expect(buffer.after(3)?.map((kept) => kept.length)).toEqual([4, 5]);
    expect(buffer.after(2)?.map((kept) => kept.length)).toEqual([3, 4, 5]);
    expect(buffer.after(1)).toBeNull();
    expect(buffer.after(6)).toBeNull();
  });

  it('are bounded in bytes as well', () => {
    const buffer = new ResumeBuffer(100, 10);
    for (const size of [6, 3, 2]) buffer.push(frame(size));
    expect(buffer.after(1)?.length).toBe(2);
    expect(buffer.after(0)).toBeNull();
    buffer.push(frame(20));
    expect(buffer.after(4)).toEqual([]);
    expect(buffer.after(3)).toBeNull();
  });
});

describe('answers kept by command', () => {
  const answer = (text: string) => (): Promise<Buffer> => Promise.resolve(Buffer.from(text));

  it('are given again for the same id, not for another command, not for ever', async () => {
    const ledger = new CommandLedger(10, 1_000);
    const first = ledger.once({ id: 'a', type: 'x' }, 0, answer('1'));
    expect(await ledger.once({ id: 'a', type: 'x' }, 500, answer('2'))).toEqual(await first);
    expect(ledger.once({ id: 'a', type: 'y' }, 500, answer('3'))).toBeNull();
    expect((await ledger.once({ id: 'a', type: 'x' }, 2_000, answer('4')))?.toString()).toBe('4');
  });

  it('are bounded, the finished ones first; one under way is never forgotten', async () => {
    const ledger = new CommandLedger(3, 1_000);
    let finish: (frame: Buffer) => void = () => undefined;
    void ledger.once({ id: 'slow', type: 'x' }, 0, () => new Promise((resolve) => (finish = resolve)));
    for (let index = 0; index < 50; index += 1) await ledger.once({ id: `q${index}`, type: 'x' }, 0, answer('q'));
    expect(ledger.size).toBeLessThanOrEqual(4);
    const again = ledger.once({ id: 'slow', type: 'x' }, 1, answer('twice'));
    finish(Buffer.from('once'));
    expect((await again)?.toString()).toBe('once');
  });
});

it('an event is encoded once and numbered for each session', () => {
  const event = encodeEvent('session.resumed', { missed: 2 }, { epoch: 'e', at: '2026-01-01T00:00:00.000Z' });
  for (const seq of [1, 42, 1_000_000]) {
    expect(EventEnvelope.parse(JSON.parse(withSeq(event, seq).toString()))).toEqual({
      v: 1,
      type: 'session.resumed',
      seq,
      epoch: 'e',
      at: '2026-01-01T00:00:00.000Z',
      data: { missed: 2 },
    });
  }
});

describe('pages that may open the sockets', () => {
  const rule = { allowed: [], panelPort: 8080 };
  it.each([
    [undefined, '127.0.0.1:8081', true],
    ['http://127.0.0.1:8080', '127.0.0.1:8081', true],
    ['http://localhost:8080', '127.0.0.1:8081', true],
    ['https://hotline.example.com', 'hotline.example.com', true],
    ['http://hotline.example.com:8080', 'hotline.example.com:8081', true],
    ['http://hotline.example.com:8082', 'hotline.example.com:8081', false],
    ['http://evil.example:8080', 'hotline.example.com:8081', false],
    ['http://hotline.example.com.evil.example:8080', 'hotline.example.com:8081', false],
    ['null', 'hotline.example.com:8081', false],
    ['http://127.0.0.1:8080', undefined, false],
  ])('%s at %s: %s', (origin, host, allowed) => {
    expect(originAllowed({ headers: { ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) } }, rule)).toBe(
      allowed,
    );
  });

  it('are exactly those listed, when there is a list', () => {
    const listed = { allowed: ['https://crm.example.com'], panelPort: 8080 };
    expect(originAllowed({ headers: { origin: 'https://crm.example.com', host: 'cti.example.com' } }, listed)).toBe(true);
    expect(originAllowed({ headers: { origin: 'http://cti.example.com:8080', host: 'cti.example.com:8081' } }, listed)).toBe(false);
  });
});
