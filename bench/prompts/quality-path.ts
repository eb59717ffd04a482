import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { createPromptClassifier } from '../../src/prompts/classifier/prompt-classifier.ts';
import type { PromptModel } from '../../src/prompts/classifier/prompt-model.ts';
import { wordsToScore } from '../../src/prompts/classifier/train/lessons.ts';
import { createPromptJudge } from '../../src/prompts/prompt-judge.ts';
import type { PromptRules } from '../../src/prompts/rules/prompt-rules.ts';

/** One verdict about one text: the strongest score, and whether the standard policy would stop it. */
export interface Verdict {
  /** Largest score of any category. */
  readonly score: number;
  readonly flagged: boolean;
  readonly blockedMinors: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

export type Path = (text: string) => Verdict;

export interface Paths {
  readonly classifier: Path;
  readonly rules: Path;
  readonly both: Path;
}

const thresholdsSchema = z.object({
  thresholds: z.record(z.string(), z.object({ label: z.number().optional(), hold: z.number().optional(), block: z.number().optional() })),
});

/** The local path with this model: its own checks alone and together, judged by the thresholds of the standard policy. */
export async function localPaths(model: PromptModel, rules: PromptRules): Promise<Paths> {
  const { thresholds } = thresholdsSchema.parse(parse(await readFile('policies/standard/policy.yaml', 'utf8')));
  const classifier = createPromptClassifier(model);
  const [alone, weighed] = [createPromptJudge([rules]), createPromptJudge([rules], classifier)];
  const judged = (pairs: readonly { readonly category: string; readonly score: number }[]): Verdict => {
    const scores: Record<string, number> = {};
    for (const { category, score } of pairs) scores[category] = Math.max(scores[category] ?? 0, score);
    const entries = Object.entries(scores);
    return {
      score: Math.max(0, ...entries.map(([, score]) => score)),
      flagged: entries.some(([category, score]) => score >= Math.min(thresholds[category]?.hold ?? 2, thresholds[category]?.block ?? 2)),
      blockedMinors: (scores['sexual_minors'] ?? 0) >= (thresholds['sexual_minors']?.block ?? 2),
      scores,
    };
  };
  const ofClassifier = (text: string) => classifier.score(wordsToScore(text));
  return {
    classifier: (text) => judged(ofClassifier(text)),
    rules: (text) => judged(alone.judge(text)),
    both: (text) => judged([...ofClassifier(text), ...weighed.judge(text)]),
  };
}
