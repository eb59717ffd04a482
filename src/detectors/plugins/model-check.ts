import type { Category } from '../../contracts/category.ts';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { DEFAULT_LIMITS } from '../containers/container-report.ts';
import { LostJob } from '../lost-job.ts';
import { oncePerFile } from '../once-per-file.ts';
import type { ModelLabel, ModelManifest } from './model-manifest.ts';
import { type AskModelInput, type ModelAnswer, type ModelRecipe, modelAnswerSchema } from './model-question.ts';
import { coverageOf } from './plugin-fields.ts';

/** A score below this says "nothing". */
const NOTHING = 0.01;

/** A check that asks a user's model, in a process of `pool`. One signal for each label that has a category: `ID:LABEL`. */
export function createModelCheck(manifest: ModelManifest, recipe: ModelRecipe, pool: WorkerPool): Check {
  const { id, labels, looksAt, deadlineMs, coverage } = manifest;
  const categories = [...new Set(labels.flatMap((label): Category[] => ('category' in label ? [label.category] : [])))];
  const ask = oncePerFile((bytes) => askInPool({ bytes, limits: DEFAULT_LIMITS, model: recipe }, pool, deadlineMs));
  return {
    id,
    version: `1+${recipe.sha256.slice(0, 16)}`,
    looksAt,
    categories,
    coverage: coverageOf(categories, looksAt, coverage),
    deadlineMs,
    async detect({ image }, signal) {
      if (image === undefined) throw new TypeError(`${id} needs an image`);
      const answer = await ask(image, signal);
      if (answer.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      const signals = labels.flatMap((label, at) => signalOf(id, label, answer.scores[at]));
      return { kind: 'signals', signals: signals.filter(({ score }) => score >= NOTHING) };
    },
  };
}

async function askInPool(input: AskModelInput, pool: WorkerPool, deadlineMs: number): Promise<ModelAnswer> {
  const outcome = await pool.run<AskModelInput, ModelAnswer>({
    module: jobModule(import.meta.url, './ask-model-job'),
    input,
    deadlineMs,
    parse: (output) => parsed(output, input.model.scores),
  });
  if (outcome.kind !== 'done') throw new LostJob(outcome.kind);
  return outcome.output;
}

function parsed(output: unknown, scores: number): ModelAnswer {
  const answer = modelAnswerSchema.parse(output);
  if (answer.kind === 'scores' && answer.scores.length !== scores) throw new RangeError('a score for each label');
  return answer;
}

function signalOf(id: string, label: ModelLabel, score: number | undefined): Signal[] {
  if (!('category' in label) || score === undefined) return [];
  return [{ category: label.category, score: calibrated(score, label.threshold), reason: `${id}:${label.label}` }];
}

/** The model's own threshold becomes 0.5; on both sides of it the scale is stretched evenly, so that 0 stays 0 and 1 stays 1. */
export function calibrated(score: number, threshold: number): number {
  return score < threshold ? (0.5 * score) / threshold : 0.5 + (0.5 * (score - threshold)) / (1 - threshold);
}
