import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Signal } from '../../src/contracts/finding.ts';
import { policySchema } from '../../src/policy/document.ts';
import { compileThresholds } from '../../src/policy/threshold-table.ts';
import { hashText } from '../../src/prompts/classifier/hash-text.ts';
import { classifyPrompt } from '../../src/prompts/classifier/judge-prompt.ts';
import { decodeModel } from '../../src/prompts/classifier/model-file.ts';
import { createPromptClassifier } from '../../src/prompts/classifier/prompt-classifier.ts';
import type { PromptModel } from '../../src/prompts/classifier/prompt-model.ts';
import { type Row, readRows } from '../../src/prompts/classifier/train/read-rows.ts';
import { readTermLists } from '../../src/prompts/classifier/train/term-lists.ts';
import { trainModel } from '../../src/prompts/classifier/train/train-model.ts';
import type { JudgeText } from '../../src/prompts/conversation/emergent-risk.ts';
import { createPromptJudge } from '../../src/prompts/prompt-judge.ts';
import { readPrompt } from '../../src/prompts/reading/read-prompt.ts';
import { loadPromptRules } from '../../src/prompts/rules/load-prompt-rules.ts';

/** Rows are halved by near-duplicate group, so that a model trained here is measured on rows that it never saw. */
export const isTeaching = ({ group }: Row) => hashText(`half ${group}`) % 2 === 0;

export async function measuredRows(data: string): Promise<readonly Row[]> {
  return (await readRows(join(data, 'dev'))).filter((row) => !isTeaching(row));
}

/** The word rules alone, and with a classifier: the one in `modelPath`, or one trained on the other half of the rows. */
export async function judges(data: string, { modelPath, train }: { readonly modelPath: string | undefined; readonly train: boolean }) {
  const rules = createPromptJudge([await loadPromptRules('policies/standard/prompt-rules.yaml')]);
  const model = modelPath === undefined ? (train ? await trainHalf(data) : undefined) : decodeModel(await readFile(modelPath));
  const found: Record<string, JudgeText> = { rules: (text) => rules.judge(text) };
  if (model !== undefined) {
    const classifier = createPromptClassifier(model);
    const weighed = createPromptJudge([await loadPromptRules('policies/standard/prompt-rules.yaml')], classifier);
    found['rules and classifier'] = (text) => [...weighed.judge(text), ...classifyPrompt(classifier, readPrompt(text))];
  }
  return found;
}

async function trainHalf(data: string): Promise<PromptModel> {
  const lists = await readTermLists('policies/standard/prompt-model.terms.yaml', join(data, 'lexicons'));
  const rows = (await readRows(join(data, 'dev'))).filter(isTeaching);
  return trainModel({ rows, lists, seed: 1, version: 'sessions', synthetic: 16_000, onStep: () => undefined });
}

/** Whether the thresholds of the standard policy hold or block a prompt with these signals. */
export async function standardStops(): Promise<(signals: readonly Signal[]) => boolean> {
  const document = policySchema.parse(parse(await readFile('policies/standard/policy.yaml', 'utf8')));
  const rows = new Map(compileThresholds(document)('api').map((row) => [row.category, Math.min(row.hold ?? 2, row.block ?? 2)]));
  return (signals) => signals.some(({ category, score }) => score >= (rows.get(category) ?? 0));
}
