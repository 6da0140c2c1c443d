import { parseCallerId } from '../../../../crm-core/caller-id';
import type { ParsedNumber } from './parsed-number';

export interface OwnNumbering {
  /** Without its 0; null: that of the first line. */
  readonly areaCode: string | null;
  readonly outsidePrefix: string | null;
  readonly firstLine: string | null;
}

/** Reads numbers where no rule of crm-core is at hand: while it is away, and before a number is dialled. */
export class NumberReader {
  private readonly ownArea: string | null;

  constructor(private readonly numbering: OwnNumbering) {
    this.ownArea = numbering.areaCode ?? areaOfLine(numbering.firstLine ?? '');
  }

  /** A caller's number, by the area code of the line it came in on. */
  describe(raw: string, areaCode: string | null): ParsedNumber {
    return parseCallerId(raw, { areaCode: areaCode ?? this.ownArea, outsidePrefix: this.numbering.outsidePrefix });
  }

  /** A number to be dialled; an agent's extension is internal whatever its digits would mean outside. */
  forDialling(raw: string, isExtension: (digits: string) => boolean): ParsedNumber {
    const digits = raw.replace(/[\s()-]/g, '');
    return isExtension(digits) ? { key: `ext:${digits}`, numberClass: 'internal' } : this.describe(raw, this.ownArea);
  }
}

/** `02066668888` → `20`. */
function areaOfLine(number: string): string | null {
  return /^0(10|2\d|[3-9]\d{2})\d{7,8}$/.exec(number)?.[1] ?? null;
}
