/** Everything that the page `/verify` says in one language. Plain sentences, for somebody who has never heard of a credential. */
export interface PageWords {
  readonly title: string;
  readonly choose: string;
  readonly drop: string;
  readonly privacy: string;
  readonly reading: string;
  readonly again: string;
  readonly error: string;
  readonly tooLarge: string;
  readonly offline: string;
  readonly verdicts: Readonly<Record<'ours-intact' | 'ours-altered' | 'ours-recovered' | 'foreign' | 'none', string>>;
  readonly made: Readonly<Record<'generated' | 'edited' | 'captured' | 'unknown', string>>;
  /** The four questions that the page answers. */
  readonly ask: Readonly<Record<'ai' | 'by' | 'intact' | 'record', string>>;
  readonly history: string;
  readonly says: string;
  readonly yes: string;
  readonly no: string;
  readonly unclear: string;
  readonly proved: string;
  readonly claimed: string;
  readonly noRecord: string;
  readonly takenDown: string;
  /** Beside every answer that found nothing. */
  readonly silence: string;
  readonly brokenInput: string;
  readonly thisFile: string;
  readonly steps: Readonly<Record<'intact' | 'broken' | 'unsigned', string>>;
}
