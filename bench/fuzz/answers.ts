import type { Classification, ClassifierDialect } from '../../src/prompts/external/classification.ts';
import { classifierSchema, createDialect } from '../../src/prompts/external/classifier-kinds.ts';
import { parsePromptRules } from '../../src/prompts/rules/rules.ts';
import { type Random, randomFrom } from './random.ts';

const chat = { baseUrl: 'http://127.0.0.1:1', model: 'm' };
const DIALECTS: readonly ClassifierDialect[] = [
  { kind: 'openai-moderation' },
  { kind: 'llama-guard', ...chat },
  { kind: 'shield-gemma', ...chat },
  { kind: 'azure-content-safety', endpoint: 'http://127.0.0.1:1' },
  { kind: 'http', url: 'http://127.0.0.1:1', categories: ['hate', 'ip'] },
].map((settings) => createDialect(classifierSchema.parse(settings), () => 'none'));

const KEYS = [
  'results',
  'categories',
  'category_scores',
  'flagged',
  'choices',
  'message',
  'content',
  'logprobs',
  'top_logprobs',
  'token',
  'logprob',
  'categoriesAnalysis',
  'category',
  'severity',
  'contract',
  'scores',
  'hate',
  'ip',
  'violence',
  '__proto__',
  'length',
] as const;
const VALUES: readonly unknown[] = [
  0,
  0.5,
  1,
  1.01,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  true,
  '',
  'safe',
  'unsafe\nS1',
  'unsafe\nS99',
  'Yes',
  'No',
  '<html>',
  'imprimatur.classify/v1',
  'Hate',
  7,
  8,
  '0.5',
  [],
  {},
];

function garbage(random: Random, depth: number): unknown {
  if (depth === 0 || random.below(4) === 0) return random.pick(VALUES);
  if (random.below(3) === 0) return Array.from({ length: random.below(4) }, () => garbage(random, depth - 1));
  return Object.fromEntries(Array.from({ length: random.below(6) }, () => [random.pick(KEYS), garbage(random, depth - 1)]));
}

/** What is wrong with how a dialect took an answer that is garbage; undefined when nothing is. */
export async function flawOfAnswer(seed: number): Promise<string | undefined> {
  const random = randomFrom(seed);
  const dialect = random.pick(DIALECTS);
  const answer = await dialect.classify('a teapot', async () => ({ kind: 'json', body: garbage(random, 6) }));
  return flawOf(answer, dialect);
}

function flawOf(answer: Classification, { categories }: ClassifierDialect): string | undefined {
  if (answer.kind === 'failed') return undefined;
  const isSound = answer.scores.every(({ category, score }) => categories.includes(category) && score >= 0 && score <= 1);
  if (!isSound) return 'a score out of range, or of a category that was not promised';
  return categories.every((wanted) => answer.scores.some(({ category }) => category === wanted)) ? undefined : 'a category is missing';
}

const RULES = `version: t1
groups:
  dishes: [teapot, saucer, "gravy boat"]
rules:
  - { id: one, category: hate, score: 0.5, languages: [en], anyOf: ["@dishes on fire", "plat* {1-9}"], noneOf: [paper teapot] }
  - { id: two, category: ip, score: 1, languages: [de], allOf: [[purple, green], ["@dishes"]], within: 5 }
  - { id: three, category: brand_safety, score: 0.3, languages: [en], patterns: ["te+apot \\\\d{1,3}"], when: 'words > 2 && text.matches("pot")' }
`;
const WOUNDS = [
  '@',
  '{',
  '}',
  '*',
  '(a+)+$',
  '[',
  ']',
  ':',
  '\n',
  ' - ',
  '"',
  "'",
  '#',
  '&a',
  '*a',
  '!!js',
  '\t',
  '\0',
  '\ud800',
  '{1-9999}',
  '@dishes',
  'matches(',
  '||',
  '1e99',
  'null',
  '.NaN',
  '%',
  '> ',
  '((((((((((',
  '{0,1000}',
] as const;

/** Rules with wounds: they are taken, or refused by line; either way in bounded time. Undefined when nothing is wrong. */
export function flawOfRules(seed: number): string | undefined {
  const random = randomFrom(seed);
  const chars = [...RULES];
  for (let wounds = 1 + random.below(6); wounds > 0; wounds--)
    chars.splice(random.below(chars.length), random.below(6), random.pick(WOUNDS));
  const parsed = parsePromptRules(chars.join(''));
  if (parsed.ok) return undefined;
  return parsed.problems.length > 0 && parsed.problems.every(({ line }) => line > 0) ? undefined : 'a problem without a line';
}
