import type { TextSpan } from '../../contracts/finding.ts';

/** A way of hiding a word that was undone. */
export type TrickKind =
  | 'look_alike'
  | 'invisible'
  | 'width'
  | 'fancy_letters'
  | 'marks'
  | 'leetspeak'
  | 'spacing'
  | 'punctuation'
  | 'repetition'
  | 'mixed_scripts'
  | 'direction'
  | 'encoding'
  | 'masked_letters';

export interface Trick {
  readonly kind: TrickKind;
  /** Where, in the text that the user sent. */
  readonly span: TextSpan;
}

/** The one view of a text that is scored: folded, with every reversible trick undone. */
export interface Canonical {
  /** Lower-case words with one space between them; no punctuation. Canonicalizing it again changes nothing. */
  readonly text: string;
  readonly words: readonly CanonicalWord[];
  readonly tricks: readonly Trick[];
}

export interface CanonicalWord {
  readonly text: string;
  /** The characters of the user that it was read from. */
  readonly span: TextSpan;
  /** True when a trick was undone to read it. */
  readonly undone: boolean;
}

/** What a part of a prompt asks for. Only `positive` parts are shown; a negative prompt must not block by itself. */
export type PartRole = 'positive' | 'negative' | 'technical';

export interface PromptPart {
  readonly role: PartRole;
  readonly canonical: Canonical;
}

/** One prompt, taken apart and read once; every prompt check works on this. */
export interface PromptReading {
  readonly original: string;
  readonly parts: readonly PromptPart[];
}
