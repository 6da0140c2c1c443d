import type { MemberFact } from '../domain/agent/presence';
import { QueueEchoes } from './queue-echoes';

const REMOVED: MemberFact = { kind: 'removed' };
const ready: MemberFact = { kind: 'member', paused: false, pausedReason: null };
const paused = (pausedReason: string): MemberFact => ({ kind: 'member', paused: true, pausedReason });

let echoes: QueueEchoes;
beforeEach(() => {
  echoes = new QueueEchoes();
});

function told(...facts: readonly MemberFact[]): void {
  for (const fact of facts) {
    echoes.begin(fact);
    echoes.end(true, 0);
  }
}

const hear = (nowMs: number, ...facts: readonly MemberFact[]): string[] => facts.map((fact) => echoes.hear(fact, nowMs));

it('takes for news what nobody here has said', () => {
  expect(hear(0, ready, paused('break'), REMOVED)).toEqual(['news', 'news', 'news']);
});

it('knows an event that comes before its answer, which is not needed then', () => {
  echoes.begin(paused('break'));
  expect(hear(0, ready, paused('break'), paused('break'))).toEqual(['news', 'own', 'news']);
  expect(echoes.end(false, 0)).toBe(true);
  expect(hear(0, ready)).toEqual(['news']);
});

it('takes all that comes before the event of an answered change for older than it', () => {
  told(paused('break'), REMOVED, ready);
  expect(hear(0, ready, paused('supervisor'), paused('break'), ready, REMOVED, ready)).toEqual(Array(6).fill('old'));
  expect(hear(0, paused('supervisor'))).toEqual(['news']);
});

it('knows what is under way until its event has come', () => {
  echoes.begin(paused('break'));
  expect([echoes.underWay(ready), echoes.underWay(paused('break'))]).toEqual([false, true]);
  hear(0, paused('break'));
  expect(echoes.underWay(paused('break'))).toBe(false);
});

it('waits for no event of what was refused', () => {
  echoes.begin(paused('break'));
  expect(echoes.end(false, 0)).toBe(false);
  expect(hear(0, paused('break'))).toEqual(['news']);
});

it('does not wait for ever, nor beyond a snapshot', () => {
  told(paused('break'));
  expect(hear(4_999, ready)).toEqual(['old']);
  expect(hear(5_000, ready)).toEqual(['news']);
  told(paused('break'));
  echoes.forget();
  expect(hear(0, ready)).toEqual(['news']);
});
