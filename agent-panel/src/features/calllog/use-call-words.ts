import { clockSpan, clockTime } from '../../i18n/time-format';
import { useWords } from '../../i18n/use-words';
import type { IconName } from '../../ui/icons';
import { useCtiStore } from '../cti/cti.store';
import type { TimelineEntry } from './call-timeline';
import type { LoggedCall, LoggedLeg } from './calls.api';

/** Shorter than this nobody has rung, talked or waited: it is left out. */
const WORTH_SAYING_MS = 500;
/** Within this long before the end everybody hangs up at once. */
const LEFT_EARLIER_MS = 2_000;
/** Normal clearing, and nothing given: not worth a word beside a result. */
const PLAIN_CAUSES: ReadonlySet<number> = new Set([0, 16]);

export interface EntryWords {
  readonly icon: IconName;
  readonly tone: string;
  readonly title: string;
  /** How it went, as a chip. */
  readonly result: string | null;
  readonly detail: string;
}

/** What a row of the call log says, in words: people by name, causes and results as one says them. */
export function useCallWords() {
  const words = useWords();
  const { t } = words;
  const cti = useCtiStore();

  const time = (iso: string): string => clockTime(Date.parse(iso), true);
  /** A figure that is not certain says so. */
  const span = (call: LoggedCall, ms: number): string => (call.complete ? '' : '≈ ') + clockSpan(ms);
  const joined = (parts: readonly (string | null | false)[]): string => parts.filter(Boolean).join(' · ');

  const agent = (call: LoggedCall, extension: string | null): string =>
    extension === null ? t('callDetail.somebody') : [call.agents[extension], extension].filter(Boolean).join(' ');
  const line = (call: Pick<LoggedCall, 'line'>): string | null =>
    cti.lineLabel(call.line) ?? (call.line === null ? null : words.phone(call.line));

  /** The name that came with the call; null where it is only the number again. */
  function networkName({ remoteName, remoteNumber }: LoggedCall): string | null {
    const digits = (text: string | null) => text?.replace(/\D/g, '') ?? '';
    const number = remoteName !== null && /^[+\d\s()-]+$/.test(remoteName) && digits(remoteNumber).endsWith(digits(remoteName));
    return number ? null : remoteName;
  }

  /** An extension, a queue or a number of somebody outside. */
  function target(call: LoggedCall, to: string | null): string {
    if (to === null) return t('callDetail.somebody');
    if (call.agents[to] !== undefined || call.legs.some((leg) => leg.extension === to)) return agent(call, to);
    return call.queueVisits.some((visit) => visit.queue === to) ? words.queue(to) : words.phone(to);
  }

  /** Asterisk's cause in plain words, with its number. */
  function cause(code: number | null): string {
    if (code === null) return t('cause.none');
    return t('callDetail.causeOf', { what: words.code('cause', String(code)), code });
  }

  function party(call: LoggedCall, leg: LoggedLeg): string {
    if (leg.role === 'agent') return agent(call, leg.extension);
    const first = call.legs.find((one) => one.role === 'customer') === leg;
    if (!first) return t('callDetail.outside');
    return call.remoteNumber === null ? t('callDetail.customer') : t('callDetail.customerAt', { number: words.phone(call.remoteNumber) });
  }

  function legWords(call: LoggedCall, leg: LoggedLeg): EntryWords {
    // Who dialled has the result of the call, which stands with the one that was called.
    const dialled = call.direction !== 'inbound' && leg.answeredAt !== null && call.legs.find((one) => one.role === 'agent') === leg;
    const reason = !dialled && leg.cause !== null && leg.result !== 'answered' && !PLAIN_CAUSES.has(leg.cause) ? cause(leg.cause) : null;
    return {
      icon: leg.role === 'agent' ? 'headset' : 'phone',
      tone: dialled ? '' : leg.result === 'answered' ? 'green' : leg.result === 'no_answer' || leg.result === 'declined' ? 'amber' : '',
      title: party(call, leg),
      result: dialled ? null : words.code('outcome', leg.result),
      detail: joined([
        leg.ringMs >= WORTH_SAYING_MS && t('callDetail.rang', { span: span(call, leg.ringMs) }),
        leg.answeredAt !== null && t('callDetail.pickedUp', { time: time(leg.answeredAt) }),
        leg.talkMs >= WORTH_SAYING_MS && t('callDetail.talked', { span: span(call, leg.talkMs) }),
        leg.holdMs >= WORTH_SAYING_MS && t('callDetail.held', { span: span(call, leg.holdMs) }),
        leg.answeredAt !== null && Date.parse(call.endedAt) - Date.parse(leg.endedAt) >= LEFT_EARLIER_MS && t('callDetail.left', { time: time(leg.endedAt) }),
        reason,
      ]),
    };
  }

  function beganWords(call: LoggedCall): EntryWords {
    const began = {
      who: agent(call, call.legs.find((leg) => leg.role === 'agent')?.extension ?? call.agentExtension),
      line: line(call) ?? '',
    };
    const key = call.direction === 'inbound' ? (call.line === null ? 'inbound' : 'inboundOn') : call.direction;
    return {
      icon: call.direction === 'outbound' ? 'out' : call.direction === 'internal' ? 'headset' : 'in',
      tone: '',
      title: t(`callDetail.began.${key}`, began),
      result: null,
      detail: joined([call.remoteNumber !== null && words.phone(call.remoteNumber), networkName(call)]),
    };
  }

  function endedWords(call: LoggedCall): EntryWords {
    return {
      icon: 'hang',
      tone: '',
      title: words.code('endedBy', call.endedBy, 'endedBy.unknown'),
      result: call.exitReason === undefined ? null : words.code('callExit', call.exitReason),
      detail: cause(call.cause),
    };
  }

  function entryWords(call: LoggedCall, entry: TimelineEntry): EntryWords {
    switch (entry.kind) {
      case 'began':
        return beganWords(call);
      case 'ended':
        return endedWords(call);
      case 'leg':
        return legWords(call, entry.leg);
      case 'queue': {
        const { queue, waitMs, result } = entry.visit;
        const detail = t('callDetail.waited', { span: span(call, waitMs) });
        return {
          icon: 'clock',
          tone: '',
          title: t('callDetail.queued', { queue: words.queue(queue) }),
          result: words.code('queueResult', result),
          detail,
        };
      }
      case 'transfer': {
        const { kind, fromExtension, to, result } = entry.transfer;
        const who = { from: agent(call, fromExtension), to: target(call, to) };
        const tone = result === 'answered' ? 'green' : '';
        return {
          icon: 'right',
          tone,
          title: words.code('callTransfer', kind, 'callTransfer.other', who),
          result: words.code('transferResult', result),
          detail: '',
        };
      }
      case 'parking': {
        const { place, byExtension, toExtension, until, at, result } = entry.parking;
        const title =
          byExtension === null ? t('callDetail.parkedAt', { place }) : t('callDetail.parkedBy', { place, who: agent(call, byExtension) });
        const detail = joined([
          t('callDetail.parkedFor', { span: span(call, Date.parse(until) - Date.parse(at)) }),
          toExtension !== null && t('callDetail.takenUp', { who: agent(call, toExtension) }),
        ]);
        return { icon: 'pause', tone: '', title, result: words.code('parkingResult', result), detail };
      }
    }
  }

  return { agent, cause, entryWords, joined, line, networkName, span, time };
}
