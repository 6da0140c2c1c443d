export type DialClass = 'mobile' | 'fixed' | 'service' | 'international' | 'internal' | 'withheld' | 'unknown';

export interface ParsedNumber {
  /** `+8613912345678`, `svc:95588`; null when the text is no number. */
  readonly key: string | null;
  readonly numberClass: DialClass;
}
