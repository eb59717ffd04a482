import type { Signal, TextSpan } from '../contracts/finding.ts';
import type { PromptClassifier } from './classifier/prompt-classifier.ts';
import type { CanonicalWord, PromptReading } from './reading/prompt-reading.ts';

const TRUST_POWER = 2;

/** The part of the classifier that a second opinion needs. */
export type SecondOpinion = Pick<PromptClassifier, 'categories' | 'isForeign' | 'score'>;

/**
 * What rules say, weighed with what the classifier makes of the words around. A sure rule (score 1) stands alone; one of
 * 0.6 that the classifier does not share at all keeps a third of that, since its words are bare, and one of 0.8 half a point.
 * Taking the stronger of the two instead doubled the flagged look-alikes of OVERT and found hardly more (docs/performance.md).
 *
 * A rule keeps its score in categories without a head, in texts of another language, where the classifier does not know
 * the words that the rule found (no opinion is not a mild one), and where those words were disguised.
 */
export function weighRules(signals: readonly Signal[], reading: PromptReading, opinion: SecondOpinion): Signal[] {
  const isWeighed = ({ category, score }: Signal) => score < 1 && opinion.categories.includes(category);
  if (!signals.some(isWeighed)) return [...signals];
  const words = reading.parts.flatMap(({ role, canonical }) => (role === 'positive' ? canonical.words : []));
  const texts = words.map(({ text }) => text);
  if (words.length === 0 || opinion.isForeign(texts)) return [...signals];
  const classified = opinion.score(texts);
  return signals.map((signal) => {
    if (!isWeighed(signal) || !isPlainEnglish(wordsIn(signal.spans ?? [], words), opinion)) return signal;
    const shared = Math.max(0, ...classified.flatMap(({ category, score }) => (category === signal.category ? [score] : [])));
    const own = signal.score;
    const trust = own ** TRUST_POWER;
    return shared >= own ? signal : { ...signal, score: trust * own + (1 - trust) * shared };
  });
}

function isPlainEnglish(found: readonly CanonicalWord[], opinion: SecondOpinion): boolean {
  return found.length > 0 && !found.some(({ undone }) => undone) && !opinion.isForeign(found.map(({ text }) => text));
}

function wordsIn(spans: readonly TextSpan[], words: readonly CanonicalWord[]): CanonicalWord[] {
  return words.filter(({ span }) => spans.some(({ start, end }) => span.start < end && start < span.end));
}
