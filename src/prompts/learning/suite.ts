import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { labelsOf, type PromptLabels, promptLabelsSchema } from './prompt-labels.ts';

/** A frozen set of prompts with the answers that a model must give. Its name and digest stand in reports, its rows never. */
export interface Suite {
  readonly name: string;
  /** Hex, over the bytes of the file. */
  readonly sha256: string;
  readonly rows: readonly SuiteRow[];
}

export interface SuiteRow {
  readonly text: string;
  readonly labels: PromptLabels;
}

export const suiteName = z.string().regex(/^[a-z0-9][\w.-]{0,63}$/i, 'letters, digits, ".", "_" and "-"');

const rowSchema = z.object({
  text: z.string(),
  /** `"benign"`: asks for nothing in any category. */
  labels: z.union([z.literal('benign').transform(() => labelsOf(CATEGORIES, false)), promptLabelsSchema]),
});

/** JSON lines of `{ "text": …, "labels": "benign" | { "category": true | false } }`. @throws ImprimaturError REQUEST_INVALID that names the line */
export function parseSuite(name: string, jsonLines: string): Suite {
  const rows: SuiteRow[] = [];
  for (const [index, line] of jsonLines.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = rowSchema.safeParse(jsonOrNull(line));
    if (!parsed.success)
      throw new ImprimaturError('REQUEST_INVALID', { hint: `Suite ${name}, line ${index + 1}: not a text with labels.`, param: 'suites' });
    rows.push(parsed.data);
  }
  if (rows.length === 0) throw new ImprimaturError('REQUEST_INVALID', { hint: `Suite ${name} has no rows.`, param: 'suites' });
  return { name, sha256: createHash('sha256').update(jsonLines).digest('hex'), rows };
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
