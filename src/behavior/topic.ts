import { newWords, SIGNATURE_WORDS } from './word-signature.ts';

/** Topics remembered of each account. */
export const TOPICS = 4;

/** Something that an account was refused, and how it went when it came back; counts fade. */
export interface Topic {
  /** The telling words of its refused prompts, as hashes; fewer than `RARE` end with zeros. */
  readonly words: Uint32Array;
  /** Of its last refused prompt. */
  readonly signature: Uint32Array;
  readonly refused: number;
  /** It came back with most around it the same, and was let through. */
  readonly passed: number;
  /** How often it was refused again with most around it new, less a little for each time that so it was let through; −1 at least. */
  readonly hidden: number;
}

/** The same with counts as they are later. */
export function fadedBy(topics: readonly Topic[], share: number): readonly Topic[] {
  return topics.map((one) => ({ ...one, refused: one.refused * share, passed: one.passed * share, hidden: one.hidden * share }));
}

const LEAST_NEW = 8;

/** The very same words again are no attempt at other words: clients that are broken try again for ever. */
export function isRepeat({ signature }: Topic, of: Uint32Array): boolean {
  for (let i = 0; i < SIGNATURE_WORDS; i++) if (signature[i] !== of[i]) return false;
  return true;
}

/** Whether most of a prompt is new since the topic was refused last: so something is hidden; who says again what they want changes less. */
export function isHiding({ signature }: Topic, words: ReadonlySet<number>): boolean {
  const fresh = newWords(signature, words);
  return fresh >= LEAST_NEW && fresh * 2 > words.size;
}

const REFUSED_AGAIN = 0.43;
const PASSED = 0.22;
/** Passes that count for each time that it was refused again. */
const PASSES_EACH = 2;
const HIDDEN = 2.2;
/** Who has one subject in ever new scenes is mostly let through; who hides something, half of the time. */
const HIDDEN_PASSED = 0.055;

/** The same topic after it was let through. */
export function passedAgain(topic: Topic, isHidden: boolean): Topic {
  if (isHidden) return { ...topic, hidden: Math.max(-1, topic.hidden - HIDDEN_PASSED) };
  return { ...topic, passed: topic.passed + 1 };
}

/** What speaks for probing, as the exponent of `1 − exp(−x)`. The first refusal is chance. */
export function weightOf({ refused, passed, hidden }: Pick<Topic, 'refused' | 'passed' | 'hidden'>): number {
  const again = Math.max(0, refused - 1);
  return Math.max(again * REFUSED_AGAIN + Math.min(passed, 1 + PASSES_EACH * again) * PASSED, hidden * HIDDEN);
}
