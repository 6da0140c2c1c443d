/**
 * How well callers are matched, beside three plain methods, on the labelled set.
 *
 *   node .build/test/bench/match-quality.js [seed]
 *
 * Precision: of the calls said to be known, those that are right; it must be 100 %. Recall: of the calls whose caller is
 * stored, those named rightly (a switchboard: all its owners).
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { parseCallerId, parseStoredNumbers, storableKey } from '../../crm-core/caller-id';
import { makeLabelledSet, type LabelledCall, type LabelledSet, type StoredField } from '../fixtures/caller-id/labelled-set';

interface Answer {
  kind: 'known' | 'shared' | 'maybe' | 'none';
  owners: readonly string[];
}
type Method = (fields: readonly StoredField[]) => (call: LabelledCall) => Answer;

export interface Quality {
  method: string;
  knownRight: number;
  knownWrong: number;
  sharedRight: number;
  sharedWrong: number;
  maybeRight: number;
  /** Calls whose caller is stored. */
  findable: number;
  precision: number;
  recall: number;
  microsecondsPerCall: number;
  wrong: { call: LabelledCall; answer: Answer }[];
  missed: LabelledCall[];
}

class Index {
  private readonly owners = new Map<string, Set<string>>();
  add(key: string | null | undefined, ownerId: string): void {
    if (key == null || key === '') return;
    const known = this.owners.get(key) ?? new Set();
    this.owners.set(key, known.add(ownerId));
  }
  find(key: string | null | undefined): string[] {
    return key == null ? [] : [...(this.owners.get(key) ?? [])];
  }
  answer(key: string | null | undefined): Answer {
    const owners = this.find(key);
    if (owners.length === 0) return { kind: 'none', owners };
    return { kind: owners.length === 1 ? 'known' : 'shared', owners };
  }
}

const byOurRules: Method = (fields) => {
  const index = new Index();
  for (const { text, areaCode, ownerId } of fields) {
    for (const number of parseStoredNumbers(text, { areaCode })) index.add(storableKey(number), ownerId);
  }
  return ({ raw, line }) => {
    const { key, alternatives } = parseCallerId(raw, line);
    const sure = index.answer(key);
    if (sure.kind !== 'none') return sure;
    const owners = alternatives.flatMap((candidate) => index.find(candidate.key));
    return owners.length === 0 ? sure : { kind: 'maybe', owners };
  };
};

const byExactText: Method = (fields) => {
  const index = new Index();
  fields.forEach(({ text, ownerId }) => index.add(text, ownerId));
  return ({ raw }) => index.answer(raw);
};

/** The first row wins, as products that do this do it. */
const byLastEight: Method = (fields) => {
  const index = new Index();
  for (const { text, ownerId } of fields) for (const part of plainSplit(text)) index.add(lastEight(part), ownerId);
  return ({ raw }) => {
    const owners = index.find(lastEight(raw));
    return owners.length === 0 ? { kind: 'none', owners } : { kind: 'known', owners: owners.slice(0, 1) };
  };
};

const byLibraryAlone: Method = (fields) => {
  const index = new Index();
  for (const { text, ownerId } of fields) for (const part of plainSplit(text)) index.add(libraryKey(part), ownerId);
  return ({ raw }) => index.answer(libraryKey(raw));
};

function plainSplit(text: string): string[] {
  return text.split(/[、/;；,，\n|]/);
}
function lastEight(text: string): string | null {
  const digits = text.replace(/\D/g, '');
  return digits.length < 7 ? null : digits.slice(-8);
}
function libraryKey(text: string): string | null {
  const parsed = parsePhoneNumberFromString(text, 'CN');
  return parsed?.isValid() ? parsed.number : null;
}

function measure(method: string, prepare: Method, { fields, calls }: LabelledSet): Quality {
  const match = prepare(fields);
  calls.forEach(match); // once unmeasured, to let the compiler settle
  const started = process.hrtime.bigint();
  const answers = calls.map(match);
  const microsecondsPerCall = Number(process.hrtime.bigint() - started) / 1000 / calls.length;
  const quality: Quality = {
    method,
    knownRight: 0,
    knownWrong: 0,
    sharedRight: 0,
    sharedWrong: 0,
    maybeRight: 0,
    findable: 0,
    precision: 0,
    recall: 0,
    microsecondsPerCall,
    wrong: [],
    missed: [],
  };
  calls.forEach((call, at) => count(quality, call, answers[at]!));
  const known = quality.knownRight + quality.knownWrong;
  quality.precision = known === 0 ? 1 : quality.knownRight / known;
  quality.recall = (quality.knownRight + quality.sharedRight) / quality.findable;
  return quality;
}

function count(quality: Quality, call: LabelledCall, answer: Answer): void {
  if (call.owners.length > 0) quality.findable++;
  const right = call.owners.length > 0 && [...answer.owners].sort().join() === [...call.owners].sort().join();
  if (answer.kind === 'known') {
    if (right) quality.knownRight++;
    else quality.knownWrong++;
  }
  if (answer.kind === 'shared') {
    if (right) quality.sharedRight++;
    else quality.sharedWrong++;
  }
  if (answer.kind === 'maybe' && right) quality.maybeRight++;
  if (!right && (answer.kind === 'known' || answer.kind === 'shared')) quality.wrong.push({ call, answer });
  if (call.owners.length > 0 && !(right && (answer.kind === 'known' || answer.kind === 'shared'))) quality.missed.push(call);
}

export function measureAll(set: LabelledSet): Quality[] {
  return [
    measure('our rules', byOurRules, set),
    measure('exact text', byExactText, set),
    measure('last eight digits', byLastEight, set),
    measure('library alone (E.164)', byLibraryAlone, set),
  ];
}

function print(set: LabelledSet): void {
  const numbers = set.fields.reduce((sum, { count: inField }) => sum + inField, 0);
  console.log(`seed ${set.seed}: ${numbers} stored numbers in ${set.fields.length} fields, ${set.calls.length} calls`);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  console.table(
    measureAll(set).map(
      ({ method, knownRight, knownWrong, sharedRight, sharedWrong, maybeRight, precision, recall, microsecondsPerCall }) => ({
        method,
        'precision of known': percent(precision),
        recall: percent(recall),
        knownRight,
        knownWrong,
        sharedRight,
        sharedWrong,
        maybeRight,
        'µs per call': microsecondsPerCall.toFixed(1),
      }),
    ),
  );
}

if (require.main === module) print(makeLabelledSet(process.argv[2] === undefined ? undefined : Number(process.argv[2])));
