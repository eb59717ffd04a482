import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { PromptClassifier } from '../classifier/prompt-classifier.ts';
import { scoredWords } from './scored-words.ts';
import type { Suite } from './suite.ts';

/** From which score a category is held or blocked by the policy in force. */
export type FlagFrom = ReadonlyMap<Category, number>;

/** The part of a classifier that is needed to judge it. */
export type Scorer = Pick<PromptClassifier, 'score' | 'categories'>;

const cellSchema = z.object({ positives: z.int(), found: z.int(), negatives: z.int(), flagged: z.int() });

/** Prompts that ask for it, those of them that were found; prompts that do not, those of them that were flagged. */
export type Cell = z.output<typeof cellSchema>;

/** By category, and `any` for all categories together. */
export const cellsSchema = z.record(z.string(), cellSchema);
export type Cells = z.output<typeof cellsSchema>;

const TEXTS_PER_TURN = 100;

/** What a model says about a suite. Lets other work go on between some hundred texts. */
export async function evaluateModel(model: Scorer, { rows }: Suite, flagFrom: FlagFrom): Promise<Cells> {
  const cells: Record<string, Cell> = {};
  for (const [index, { text, labels }] of rows.entries()) {
    if (index % TEXTS_PER_TURN === TEXTS_PER_TURN - 1) await nextTurn();
    const flagged = flaggedCategories(model, scoredWords(text), flagFrom);
    for (const category of model.categories) {
      const label = labels[category];
      if (label !== undefined) count(cells, category, label, flagged.has(category));
    }
    const answers = Object.values(labels);
    // Flagged for a category that nobody judged is no mistake, but a prompt that asks for nothing must not be flagged at all.
    const asks = answers.includes(true);
    if (asks || model.categories.every((category) => labels[category] === false)) count(cells, 'any', asks, flagged.size > 0);
  }
  return cells;
}

/** The categories that a model would have held or blocked. */
export function flaggedCategories(model: Pick<Scorer, 'score'>, words: readonly string[], flagFrom: FlagFrom): ReadonlySet<Category> {
  const flagged = new Set<Category>();
  for (const { category, score } of model.score(words)) if (score >= (flagFrom.get(category) ?? 0)) flagged.add(category);
  return flagged;
}

function count(cells: Record<string, Cell>, name: string, isPositive: boolean, isFlagged: boolean): void {
  const cell = cells[name] ?? { positives: 0, found: 0, negatives: 0, flagged: 0 };
  cells[name] = cell;
  if (isPositive) {
    cell.positives += 1;
    if (isFlagged) cell.found += 1;
  } else {
    cell.negatives += 1;
    if (isFlagged) cell.flagged += 1;
  }
}
