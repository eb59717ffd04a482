import type { Category } from './category.ts';

/** Which part of a generation a finding is about: the prompt, the nth input image or mask, the nth artifact. */
export type SubjectRef =
  | { readonly kind: 'prompt' }
  | { readonly kind: 'input_image'; readonly index: number }
  | { readonly kind: 'artifact'; readonly index: number };

/** True when both are the same part of a generation. */
export function isSameSubject(a: SubjectRef, b: SubjectRef): boolean {
  if (a.kind === 'prompt' || b.kind === 'prompt') return a.kind === b.kind;
  return a.kind === b.kind && a.index === b.index;
}

/** Half-open range of UTF-16 code units in the text that the user sent. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** What one check says about one category. `score` is a risk from 0 (none) to 1 (certain). */
export interface Signal {
  readonly category: Category;
  readonly score: number;
  /** A stable code such as `lexicon:undress` or `pdq:list-a`; it never repeats what the user wrote. */
  readonly reason: string;
  readonly spans?: readonly TextSpan[];
}

export interface FindingAbout {
  readonly check: string;
  readonly subject: SubjectRef;
  readonly durationMs: number;
}

/**
 * What one check had to say about one subject. "Could not tell" is a value of its own, so no code path can mistake
 * a check that threw, hung or is missing for one that found nothing.
 */
export type Finding =
  | (FindingAbout & { readonly kind: 'signals'; readonly signals: readonly Signal[] })
  | (FindingAbout & { readonly kind: 'abstained'; readonly reason: string })
  | (FindingAbout & { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string });

/** Why a check could not tell. `garbled`: it answered something that is not a detection. */
export type FailureCause = 'threw' | 'timed_out' | 'missing' | 'garbled';
