import type { CallView, PassedText } from '../../../../cti-gateway/protocol';
import type { RecordText } from './record-text';

/** Lengths that the wire takes (see `PassedText`); longer texts are cut with a mark: the whole stands in the first agent's record. */
const MOST = { problem: 2_000, solution: 1_500, remarks: 500, sourceContact: 255 } as const;

export function cutToPass(text: RecordText): PassedText {
  return {
    problem: cut(text.problem, MOST.problem),
    solution: cut(text.solution, MOST.solution),
    remarks: cut(text.remarks, MOST.remarks),
    sourceContact: cut(text.sourceContact, MOST.sourceContact),
  };
}

/** What the agent before had written, for a record in which nothing stands yet; null: nothing to take over. */
export function firstPassed(call: CallView, ownExtension: string | null, own: RecordText): PassedText | null {
  const passed = call.passedOn ?? null;
  if (passed === null || passed.context.text === null || passed.fromExtension === ownExtension) return null;
  const begun = [own.problem, own.solution, own.remarks, own.sourceContact].some((part) => part.trim() !== '');
  const anything = Object.values(passed.context.text).some((part) => part.trim() !== '');
  return begun || !anything ? null : passed.context.text;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
