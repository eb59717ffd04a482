import { HEADS } from '../classifier/train/heads.ts';
import { type Text, UNDETERMINED } from '../classifier/train/lessons.ts';
import type { LabeledExample } from './labeled-examples.ts';
import type { PromptLabels } from './prompt-labels.ts';
import { scoredWords } from './scored-words.ts';

/** The source that stands in the provenance of a model for what reviewers decided. */
export const REVIEWERS = 'reviewers';
/** A decision about this gateway's own traffic counts for more than a row of a public set. */
const DECISION_WEIGHT = 3;

/**
 * Decided prompts as texts to train on. Those labeled as sexual content with minors are left out: no head learns that
 * category, rules alone decide it.
 */
export function exampleLessons(examples: readonly Pick<LabeledExample, 'id' | 'text' | 'labels'>[]): Text[] {
  return examples.flatMap(({ id, text, labels }) => {
    const words = scoredWords(text);
    if (labels.sexual_minors === true || words.length === 0) return [];
    const lesson = { labels: lessonLabels(labels), weight: DECISION_WEIGHT };
    return lesson.labels.every((label) => label === -1) ? [] : [{ source: REVIEWERS, lang: UNDETERMINED, group: id, words, lesson }];
  });
}

/** Of several heads for one category a yes is for the first: it does not say which of them was meant. A no is for all. */
function lessonLabels(labels: PromptLabels): Int8Array {
  const taught = new Set<string>();
  return Int8Array.from(HEADS, ({ category }) => {
    const label = labels[category];
    if (label === undefined || (label && taught.has(category))) return -1;
    taught.add(category);
    return label ? 1 : 0;
  });
}
