import type { Signal, TextSpan } from '../../contracts/finding.ts';
import type { PromptReading } from '../reading/prompt-reading.ts';
import { remembered } from '../remembered.ts';
import type { PromptClassifier } from './prompt-classifier.ts';

/** Scores below this say nothing worth keeping. */
const LEAST_SCORE = 0.01;

/**
 * What the heads say about a prompt: one signal for each that has something to say, with the words that spoke loudest.
 * Only what the prompt asks to show is scored; a negative prompt cannot block by itself.
 */
export function classifyPrompt(classifier: PromptClassifier, { parts }: PromptReading): Signal[] {
  const words = parts.flatMap(({ role, canonical }) => (role === 'positive' ? canonical.words : []));
  const signals: Signal[] = [];
  if (words.length === 0) return signals;
  for (const { head, category, score, words: loud } of classifier.score(words.map(({ text }) => text))) {
    if (score < LEAST_SCORE) continue;
    const reason = reasonOf(head);
    const spans = loud.length === 0 ? NOWHERE : spansOf(loud.flatMap((index) => words[index]?.span ?? []));
    signals.push(spans.length === 0 ? { category, score, reason } : { category, score, reason, spans });
  }
  return signals;
}

const reasonOf = remembered((head) => `classifier:${head}`);
const NOWHERE: readonly TextSpan[] = [];

/** In order, without overlaps; one character may hold several words. */
function spansOf(spans: readonly TextSpan[]): TextSpan[] {
  const ordered = spans.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start);
  return ordered.filter(({ start }, at) => at === 0 || start >= (ordered[at - 1]?.end ?? 0));
}
