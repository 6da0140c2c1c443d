import type { Actor } from './actor';
import { tooMany, type RateLimits } from './rate-limits';
import type { Route } from './route';

const MINUTE_MS = 60_000;

/**
 * Limits of those who are known: counted after authentication and by person or program, so that neither another cookie nor another session
 * begins anew, and strangers take no memory.
 */
export class ActorLimits {
  private readonly searches = new Budgets(MINUTE_MS);
  private readonly passwords: Budgets;

  constructor(private readonly limits: RateLimits) {
    this.passwords = new Budgets(limits.passwordWindowMs);
  }

  /** @throws AppError `too_many_requests`, with the seconds that are left. */
  admit(route: Route, actor: Actor, query: unknown): void {
    if (route.limit === 'password') return this.passwords.spend(keyOf(actor), this.limits.passwordTries);
    if (route.limit !== 'search' && !searches(query)) return;
    if (actor.kind === 'user') return this.searches.spend(keyOf(actor), this.limits.searchesPerMinute);
    const isGateway = actor.scopes.has('call.intake');
    if (!isGateway) this.searches.spend(keyOf(actor), this.limits.machineSearchesPerMinute);
  }
}

function keyOf(actor: Actor): string {
  return actor.kind === 'user' ? `user ${actor.userId}` : `machine ${actor.clientId}`;
}

/** Every list that takes words or a number is a search when it is given one. */
function searches(query: unknown): boolean {
  if (typeof query !== 'object' || query === null) return false;
  return ['q', 'number'].some((name) => String(Reflect.get(query, name) ?? '').trim() !== '');
}

/** So many within a time that begins with the first. */
class Budgets {
  /** In the order of their ends. */
  private readonly spent = new Map<string, { count: number; readonly endsAtMs: number }>();

  constructor(private readonly windowMs: number) {}

  spend(key: string, limit: number): void {
    const nowMs = performance.now();
    for (const [other, { endsAtMs }] of this.spent) {
      if (endsAtMs > nowMs) break;
      this.spent.delete(other);
    }
    const budget = this.spent.get(key) ?? { count: 0, endsAtMs: nowMs + this.windowMs };
    if (budget.count >= limit) throw tooMany(budget.endsAtMs - nowMs);
    budget.count += 1;
    this.spent.set(key, budget);
  }
}
