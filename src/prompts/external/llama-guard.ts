import { type Classification, type ClassifierDialect, unusable } from './classification.ts';
import { askGuard, type GuardEndpoint, type GuardToken, type GuardVerdict } from './guard-chat.ts';
import { categoriesOf, scoresOf } from './label-map.ts';
import { LLAMA_GUARD_TAXONOMIES, type LlamaGuardTaxonomy } from './llama-guard-taxonomies.ts';

interface LlamaGuardOptions extends GuardEndpoint {
  readonly taxonomy: LlamaGuardTaxonomy;
}

/** What "unsafe" counts as when the server tells no probabilities, and the least that it counts as when it does. */
const UNSAFE_SCORE = 0.9;
const LEAST_UNSAFE_SCORE = 0.5;

/**
 * A Llama Guard behind a chat endpoint whose server applies the model's own template. It answers `safe`, or `unsafe` and
 * a line of codes (model cards of Llama Guard 1 to 4). Anything else is a failure: an answer in prose, an unknown code,
 * `unsafe` without a code.
 */
export function createLlamaGuard({ taxonomy, ...endpoint }: LlamaGuardOptions): ClassifierDialect {
  const labels = LLAMA_GUARD_TAXONOMIES[taxonomy];
  return {
    version: `llama-guard/${taxonomy}/${endpoint.model}`,
    categories: categoriesOf(labels),
    maxChars: 12_000,
    async classify(text, post): Promise<Classification> {
      const verdict = await askGuard(endpoint, { content: text, maxTokens: 64 }, post);
      if (verdict.kind !== 'verdict') return verdict;
      const codes = codesOf(verdict);
      if (codes === undefined) return unusable('neither safe nor unsafe with codes');
      if (codes.some((code) => !Object.hasOwn(labels, code))) return unusable('a code that the taxonomy does not have');
      const unsafe = unsafeScore(verdict.tokens);
      const byLabel = Object.fromEntries(Object.keys(labels).map((code) => [code, codes.includes(code) ? unsafe : 0]));
      return { kind: 'scores', scores: scoresOf(labels, byLabel) };
    },
  };
}

/** Codes of an unsafe text, none for a safe one; undefined when the answer is neither. */
function codesOf({ text, complete }: GuardVerdict): readonly string[] | undefined {
  const answer = text.trim();
  if (answer === 'safe') return [];
  const match = complete ? /^unsafe\s*\n\s*([SO]\d{1,2}(?:\s*,\s*[SO]\d{1,2})*)$/.exec(answer) : null;
  return match?.[1]?.split(',').map((code) => code.trim());
}

/** Probability that the first word was `unsafe`. */
function unsafeScore(tokens: readonly GuardToken[]): number {
  const first = tokens.find(({ token }) => token.trim() !== '');
  if (first === undefined || !first.token.trim().startsWith('un')) return UNSAFE_SCORE;
  return Math.min(1, Math.max(LEAST_UNSAFE_SCORE, Math.exp(first.logprob)));
}
