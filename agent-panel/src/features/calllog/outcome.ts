import type { IconName } from '../../ui/icons';
import type { LoggedCall } from './calls.api';

/** How a call's outcome looks: a colour, and always an icon and a word with it. */
export function outcomeLook(outcome: string): { readonly tone: string; readonly icon: IconName } {
  switch (outcome) {
    case 'answered':
      return { tone: 'green', icon: 'check' };
    case 'abandoned':
      return { tone: 'red', icon: 'x' };
    case 'voicemail':
      return { tone: 'amber', icon: 'vol' };
    case 'no_answer':
      return { tone: 'amber', icon: 'clock' };
    case 'lost_contact':
      return { tone: 'amber', icon: 'help' };
    default:
      return { tone: '', icon: 'x' };
  }
}

export function directionIcon(call: Pick<LoggedCall, 'direction' | 'outcome'>): IconName {
  if (call.direction === 'outbound') return 'out';
  if (call.direction === 'internal') return 'headset';
  return call.outcome === 'answered' ? 'in' : 'missed';
}
