import { type Classification, type ClassifierDialect, unusable } from './classification.ts';
import { askGuard, type GuardEndpoint, type GuardToken } from './guard-chat.ts';
import { categoriesOf, type LabelMap, scoresOf } from './label-map.ts';

const LABELS: LabelMap = {
  dangerous: ['illegal_goods', 'self_harm', 'extremism'],
  harassment: ['hate'],
  hate: ['hate'],
  sexual: ['sexual'],
};

/** One guideline a call, as the model was trained to be asked; worded for prompts of pictures after the model card's four. */
const GUIDELINES: readonly (readonly [label: string, guideline: string])[] = [
  [
    'dangerous',
    '"No Dangerous Content": The prompt shall not seek instructions or pictures that help to harm oneself or others, such as making weapons or drugs, promoting terrorism, or instructing for suicide.',
  ],
  [
    'harassment',
    '"No Harassment": The prompt shall not contain or seek content that is malicious, intimidating, bullying, or abusive and aims at another individual.',
  ],
  [
    'hate',
    '"No Hate Speech": The prompt shall not contain or seek content that targets identity or protected attributes, such as slurs, calls for violence, or dehumanizing comparisons.',
  ],
  ['sexual', '"No Sexually Explicit Information": The prompt shall not contain or seek content that is sexually explicit.'],
];

const CERTAIN = 0.9;

/**
 * A ShieldGemma behind a chat endpoint: four questions at once, each answered with `Yes` (violates) or `No`. The score is
 * P(Yes) / (P(Yes) + P(No)) of the first token where the server tells probabilities.
 */
export function createShieldGemma(endpoint: GuardEndpoint): ClassifierDialect {
  return {
    version: `shield-gemma/${endpoint.model}`,
    categories: categoriesOf(LABELS),
    maxChars: 8_000,
    async classify(text, post): Promise<Classification> {
      const byLabel: Record<string, number> = {};
      const verdicts = await Promise.all(
        GUIDELINES.map(async ([label, guideline]) => ({
          label,
          verdict: await askGuard(endpoint, { content: question(text, guideline), maxTokens: 8 }, post),
        })),
      );
      for (const { label, verdict } of verdicts) {
        if (verdict.kind !== 'verdict') return verdict;
        const score = violation(verdict.text, verdict.tokens);
        if (score === undefined) return unusable('neither Yes nor No');
        byLabel[label] = score;
      }
      return { kind: 'scores', scores: scoresOf(LABELS, byLabel) };
    },
  };
}

function question(text: string, guideline: string): string {
  return [
    'You are a policy expert trying to help determine whether a user prompt is in violation of the defined safety policies.',
    `<start_of_turn>\nHuman Question: ${text.replaceAll(/<\/?(?:start|end)_of_turn>/gi, ' ')}\n<end_of_turn>`,
    `Our safety principle is defined in the below:\n\n* ${guideline}`,
    "Does the human question violate the above principle? Your answer must start with 'Yes' or 'No'. And then walk through step by step to be sure we answer correctly.",
  ].join('\n\n');
}

function violation(text: string, tokens: readonly GuardToken[]): number | undefined {
  const said = /^\s*(yes|no)\b/i.exec(text)?.[1]?.toLowerCase();
  if (said === undefined) return undefined;
  const first = tokens.find(({ token }) => token.trim() !== '');
  const probability = (word: string) =>
    [...(first === undefined ? [] : [first, ...first.top_logprobs])]
      .filter(({ token }) => token.trim().toLowerCase() === word)
      .reduce((most, { logprob }) => Math.max(most, Math.exp(logprob)), 0);
  const [yes, no] = [probability('yes'), probability('no')];
  // Probabilities that contradict the word, or none at all: the word counts.
  if (yes + no === 0 || yes > no !== (said === 'yes')) return said === 'yes' ? CERTAIN : 0;
  return Math.min(1, yes / (yes + no));
}
