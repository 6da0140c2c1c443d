import type { Leadership, LeadershipOptions } from './leadership-types';

export function createLeadership<S>(_options: LeadershipOptions<S>): Leadership<S> {
  throw new Error('Leadership is not built yet');
}
