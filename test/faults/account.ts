import type { CallLogEntry } from '../../crm-core/contract';
import type { CelRecord } from '../../cti-gateway/src/adapters/asterisk/cel/cel-record';
import type { Kill } from './chaos';

/** A call as Asterisk's channel event log has it. */
export interface LoggedCall {
  readonly callId: string;
  readonly outbound: boolean;
  readonly number: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Customer and agent were in one bridge. */
  readonly talked: boolean;
  /** The agent in it; null: none. */
  readonly agent: string | null;
  readonly talkMs: number;
}

/** AMI and CEL stamp one moment each for itself. */
const SAME_MS = 300;

/** What the telephones (SIPp) say, by number. */
export interface PhoneAccount {
  /** Customers who got through to the line. */
  readonly lines: ReadonlyMap<string, number>;
  /** Talks: agents' telephones with this caller, customers' with a click. */
  readonly talks: ReadonlyMap<string, number>;
}

export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'wrong outcome';
  readonly callId: string;
  readonly what: string;
}

export interface Account {
  readonly placed: number;
  readonly rows: number;
  readonly unknown: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

const OF_CLICK: Readonly<Record<string, readonly string[]>> = {
  '1371': ['answered'],
  '1372': ['busy'],
  '1373': ['no_answer'],
  '1374': ['unreachable'],
  '1375': ['declined'],
  '1376': ['answered'],
};

export function loggedCalls(records: readonly CelRecord[]): LoggedCall[] {
  const calls = new Map<string, CelRecord[]>();
  for (const record of records) calls.set(record.linkedId, [...(calls.get(record.linkedId) ?? []), record]);
  return [...calls].flatMap(([callId, of]) => {
    const first = of.find((record) => record.type === 'CHAN_START' && record.channelId === callId);
    if (first === undefined) return [];
    const outbound = callId.startsWith('dial-');
    const dialled = of.find((record) => /^137\d{8}$/.test(record.exten) || /^137\d{8}$/.test(record.callerNumber));
    const number = outbound ? (/^137\d{8}$/.exec(dialled?.exten ?? '')?.[0] ?? dialled?.callerNumber ?? '') : first.callerNumber;
    const bridged = new Set(of.filter((record) => record.type === 'BRIDGE_ENTER').map((record) => record.channelId));
    const open = new Set(of.filter((record) => record.type === 'CHAN_START').map((record) => record.channelId));
    for (const record of of) if (record.type === 'CHAN_END') open.delete(record.channelId);
    const endedAtMs = open.size > 0 ? null : Math.max(...of.map((record) => record.atMs));
    return [{ callId, outbound, number, startedAtMs: first.atMs, endedAtMs, talked: bridged.size > 1, ...talkOf(of) }];
  });
}

/** Nobody is passed on here: one bridge, one agent. */
function talkOf(records: readonly CelRecord[]): { agent: string | null; talkMs: number } {
  const at = (type: string): number[] => records.filter((record) => record.type === type).map((record) => record.atMs);
  const [entered, left] = [at('BRIDGE_ENTER'), at('BRIDGE_EXIT')];
  const names = records.filter((record) => record.type === 'BRIDGE_ENTER').map((record) => record.channelName);
  const agent = names.flatMap((name) => /^PJSIP\/(\d+)-/.exec(name)?.[1] ?? []).at(-1) ?? null;
  return { agent, talkMs: entered.length < 2 || left.length === 0 ? 0 : Math.min(...left) - Math.max(...entered) };
}

/** Compares the call log with Asterisk's own account and with that of the telephones. */
export function settle(
  rows: readonly CallLogEntry[],
  logged: readonly LoggedCall[],
  phones: PhoneAccount,
  kills: readonly Kill[],
): Account {
  const findings: Finding[] = [];
  const byId = new Map(rows.map((row) => [row.callId, row]));
  for (const call of logged) {
    const row = byId.get(call.callId);
    if (row === undefined)
      findings.push({ kind: 'lost', callId: call.callId, what: `${call.number} at ${new Date(call.startedAtMs).toISOString()}` });
    else findings.push(...wrong(row, call, kills));
  }
  const known = new Set(logged.map((call) => call.callId));
  for (const row of rows) {
    // An Asterisk that is killed may not have written what it had said already.
    if (!known.has(row.callId) && !lostWithAsterisk(row, kills))
      findings.push({ kind: 'doubled', callId: row.callId, what: `of no call: ${row.remoteNumber} ${row.outcome}` });
  }
  findings.push(...againstPhones(rows, phones));
  const outcomes = new Map<string, number>();
  for (const row of rows) outcomes.set(row.outcome, (outcomes.get(row.outcome) ?? 0) + 1);
  return { placed: logged.length, rows: rows.length, unknown: rows.filter((row) => !row.complete).length, outcomes, findings };
}

function wrong(row: CallLogEntry, call: LoggedCall, kills: readonly Kill[]): Finding[] {
  const allowed =
    call.endedAtMs === null ? ['lost_contact'] : call.talked ? ['answered'] : call.outbound ? notTalked(call.number) : ['abandoned'];
  if (allowed.includes(row.outcome) || (row.outcome === 'lost_contact' && lostWithAsterisk(row, kills))) return figuresWrong(row, call);
  return [
    {
      kind: 'wrong outcome',
      callId: call.callId,
      what: `${row.outcome}${row.complete ? '' : ' (marked)'}, not ${allowed.join(' or ')}: ${call.number}`,
    },
  ];
}

function figuresWrong(row: CallLogEntry, call: LoggedCall): Finding[] {
  const finding = (what: string): Finding[] => [{ kind: 'wrong outcome', callId: call.callId, what }];
  if (row.remoteNumber !== call.number || row.direction !== (call.outbound ? 'outbound' : 'inbound'))
    return finding(`${row.direction} ${row.remoteNumber}, not ${call.number}`);
  if (row.outcome !== 'answered') return [];
  if (row.agentExtension !== call.agent) return finding(`agent ${row.agentExtension}, not ${call.agent}`);
  const exact = !row.complete || Math.abs(row.talkMs - call.talkMs) <= SAME_MS;
  return exact ? [] : finding(`talked ${row.talkMs} ms, not ${call.talkMs}, and not marked`);
}

/** A click whose customer was not reached; also one that its agent's telephone or a fault ended before. */
function notTalked(number: string): readonly string[] {
  const expected = OF_CLICK[number.slice(0, 4)] ?? [];
  return expected[0] === 'answered' ? ['cancelled', 'no_answer', 'failed'] : expected;
}

function lostWithAsterisk(row: CallLogEntry, kills: readonly Kill[]): boolean {
  const from = Date.parse(row.startedAt) - 2_000;
  const until = Date.parse(row.endedAt) + 10_000;
  return kills.some(({ victim, atMs }) => victim === 'asterisk' && atMs >= from && atMs <= until);
}

/** SIPp knows nothing of callIds: by number, which every call has its own of. */
function againstPhones(rows: readonly CallLogEntry[], { lines, talks }: PhoneAccount): Finding[] {
  const findings: Finding[] = [];
  const of = new Map<string, CallLogEntry[]>();
  for (const row of rows) of.set(row.remoteNumber ?? '', [...(of.get(row.remoteNumber ?? '') ?? []), row]);
  for (const [number] of lines)
    if (!of.has(number)) findings.push({ kind: 'lost', callId: number, what: 'the line answered this caller, and there is no row' });
  for (const [number, calls] of of) {
    // One INVITE that reached two lives of Asterisk is two calls, the first of which was lost with it.
    const whole = calls.filter((row) => row.outcome !== 'lost_contact');
    if (whole.length > 1)
      findings.push({ kind: 'doubled', callId: number, what: whole.map((row) => `${row.callId} ${row.outcome}`).join(', ') });
    if (whole.some((row) => row.outcome === 'answered') && !talks.has(number))
      findings.push({ kind: 'wrong outcome', callId: number, what: 'answered, and no telephone has talked with this number' });
  }
  return findings;
}
