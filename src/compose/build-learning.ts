import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Counter } from 'prom-client';
import type { Category } from '../contracts/category.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CheckRunner } from '../detectors/check-runner.ts';
import { PACKS_DIR } from '../packs.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { formatFullPolicyRef } from '../policy/policy-ref.ts';
import { compileThresholds } from '../policy/threshold-table.ts';
import type { PromptClassifier } from '../prompts/classifier/prompt-classifier.ts';
import type { FlagFrom } from '../prompts/learning/evaluate-model.ts';
import type { LearningParts } from '../prompts/learning/label-store.ts';
import type { Learning } from '../prompts/learning/learning.ts';
import { type LoadedModel, loadModel } from '../prompts/learning/loaded-model.ts';
import { type ModelSlot, openModelSlot } from '../prompts/learning/model-slot.ts';
import type { Database } from '../storage/database.ts';
import { describeError, type Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

const SHIPPED_PATH = join(PACKS_DIR, 'standard', 'prompt-model.bin');

/** The prompt model in force, before anything that scores is built. */
export async function openPromptModels(db: Database, { log }: Telemetry, closers: Closers): Promise<PromptModels> {
  const shipped = await shippedModel();
  const slot = await openModelSlot({
    db,
    shipped,
    onTrouble: (error, model) => log.error({ event: 'prompt_model.refused', model, error: describeError(error) }),
  });
  closers.add(slot.stop);
  return { slot, shipped: shipped?.sha256 ?? null };
}

export interface PromptModels {
  readonly slot: ModelSlot;
  readonly shipped: string | null;
}

/** The classifier that ships, whatever was promoted since. @throws ImprimaturError CONFIG_INVALID */
export async function shippedClassifier(): Promise<PromptClassifier> {
  const shipped = await shippedModel();
  if (shipped === null) throw new ImprimaturError('CONFIG_INVALID', { detail: 'the prompt model that ships is missing' });
  return shipped.classifier;
}

async function shippedModel(): Promise<LoadedModel | null> {
  if (!existsSync(SHIPPED_PATH)) return null;
  try {
    return loadModel(await readFile(SHIPPED_PATH));
  } catch (cause) {
    throw new ImprimaturError('CONFIG_INVALID', { detail: 'the prompt model that ships cannot be read', cause });
  }
}

interface LearningGround extends LearningParts {
  readonly models: PromptModels;
  readonly policy: Pick<CompiledPolicy, 'ref' | 'document'>;
  readonly checks: Pick<CheckRunner, 'checks'>;
  readonly telemetry: Telemetry;
}

/** Learning over the policy in force; from here on a challenger scores in shadow. */
export function buildLearning({ models: { slot, shipped }, policy, checks, telemetry, ...parts }: LearningGround): Learning {
  const flagFrom = flagsOf(policy);
  const compared = new Counter({
    name: 'imprimatur_prompt_shadow_total',
    help: 'Prompts that champion and challenger scored, by what both would have flagged.',
    labelNames: ['category', 'outcome'],
    registers: [telemetry.registry],
  });
  slot.watchChallenger({ flagFrom, onShadow: (category, outcome) => compared.inc({ category, outcome }) });
  return {
    ...parts,
    slot,
    shipped,
    get flagFrom() {
      return flagFrom();
    },
    get policy() {
      return formatFullPolicyRef(policy.ref);
    },
    isKnownTerm: wordRules(checks),
  };
}

/** Asked for each prompt that a challenger scores, so what a policy comes to is worked out once. */
function flagsOf(policy: Pick<CompiledPolicy, 'document'>): () => FlagFrom {
  let known = { document: policy.document, flags: flagFromOf(policy.document) };
  return () => {
    const { document } = policy;
    if (document !== known.document) known = { document, flags: flagFromOf(document) };
    return known.flags;
  };
}

/** Where a category is held, or else blocked, on a surface that the policy does not name. */
function flagFromOf(document: CompiledPolicy['document']): FlagFrom {
  return new Map(compileThresholds(document)('').map(({ category, hold, block }) => [category, hold ?? block ?? Number.POSITIVE_INFINITY]));
}

const WORD_RULES = 'prompt-rules';

/** Asks the word rules alone: other checks may guess, or cost money. */
function wordRules({ checks }: Pick<CheckRunner, 'checks'>) {
  const rules = checks.find(({ id }) => id === WORD_RULES);
  return async (term: string, category: Category): Promise<boolean> => {
    const input = { subject: { kind: 'prompt' }, prompt: term, surface: '' } as const;
    const found = await rules?.detect(input, AbortSignal.timeout(rules.deadlineMs));
    return found?.kind === 'signals' && found.signals.some((signal) => signal.category === category);
  };
}
