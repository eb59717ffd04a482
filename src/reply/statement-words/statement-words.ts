import type { LAWS, RESTRICTIONS, ReasonsRecord } from '../../review/statements/reasons-record.ts';

/** The sentences of a statement of reasons in one language. Each is whole, so that no grammar has to be glued. */
export interface StatementWords {
  readonly title: string;
  readonly restriction: Readonly<Record<(typeof RESTRICTIONS)[number], string>>;
  /** `{topics}`: topics of `SentenceBook`, as a list. */
  readonly about: string;
  readonly found: Readonly<Record<ReasonsRecord['source'], string>>;
  readonly decided: Readonly<Record<ReasonsRecord['decision'] | 'model', string>>;
  /** `{policy}` */
  readonly terms: string;
  /** `{law}` */
  readonly law: string;
  readonly laws: Readonly<Record<(typeof LAWS)[number], string>>;
  readonly scope: string;
  /** The same with an end. `{date}` */
  readonly scopeUntil: string;
  /** `{date}` */
  readonly appeal: string;
  readonly elsewhere: string;
}
