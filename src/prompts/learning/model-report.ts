import { z } from 'zod';
import { type Cell, type Cells, cellsSchema, evaluateModel, type FlagFrom, type Scorer } from './evaluate-model.ts';
import type { Suite } from './suite.ts';

const suiteReportSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  rows: z.int(),
  champion: cellsSchema,
  challenger: cellsSchema,
});

const regressionSchema = z.object({
  suite: z.string(),
  category: z.string(),
  what: z.enum(['recall', 'false_positives']),
  /** Shares, from 0 to 1. */
  champion: z.number(),
  challenger: z.number(),
});

export const modelReportSchema = z.object({
  /** Digest of the model that it was compared with. */
  champion: z.string(),
  /** Name, version and digest of the policy whose thresholds were used. */
  policy: z.string(),
  at: z.iso.datetime(),
  suites: z.array(suiteReportSchema),
  regressions: z.array(regressionSchema),
});

/** How a model and the champion did on the same frozen suites. Counts and digests only. */
export type ModelReport = z.output<typeof modelReportSchema>;
export type Regression = z.output<typeof regressionSchema>;

export interface CompareOptions {
  readonly champion: Scorer & { readonly sha256: string };
  readonly challenger: Scorer;
  readonly suites: readonly Suite[];
  readonly flagFrom: FlagFrom;
  readonly policy: string;
  readonly at: Date;
}

export async function compareModels({ champion, challenger, suites, flagFrom, policy, at }: CompareOptions): Promise<ModelReport> {
  const compared: ModelReport['suites'] = [];
  for (const suite of suites) {
    compared.push({
      name: suite.name,
      sha256: suite.sha256,
      rows: suite.rows.length,
      champion: await evaluateModel(champion, suite, flagFrom),
      challenger: await evaluateModel(challenger, suite, flagFrom),
    });
  }
  return { champion: champion.sha256, policy, at: at.toISOString(), suites: compared, regressions: compared.flatMap(regressionsOf) };
}

/**
 * Every place where the challenger finds less or flags more than the champion. There is no tolerance: on a frozen suite
 * one row is one prompt that was judged well and no longer is.
 */
function regressionsOf({ name: suite, champion, challenger }: ModelReport['suites'][number]): Regression[] {
  return [...new Set([...Object.keys(champion), ...Object.keys(challenger)])].flatMap((category) => {
    const [before, after] = [cellOf(champion, category), cellOf(challenger, category)];
    const regressions: Regression[] = [];
    if (recallOf(after) < recallOf(before))
      regressions.push({ suite, category, what: 'recall', champion: recallOf(before), challenger: recallOf(after) });
    if (falsePositivesOf(after) > falsePositivesOf(before))
      regressions.push({
        suite,
        category,
        what: 'false_positives',
        champion: falsePositivesOf(before),
        challenger: falsePositivesOf(after),
      });
    return regressions;
  });
}

/** A model without a head for a category finds nothing of it and flags nothing. */
function cellOf(cells: Cells, category: string): Cell {
  return cells[category] ?? { positives: 0, found: 0, negatives: 0, flagged: 0 };
}

export function recallOf({ positives, found }: Cell): number {
  return positives === 0 ? 0 : found / positives;
}

export function falsePositivesOf({ negatives, flagged }: Cell): number {
  return negatives === 0 ? 0 : flagged / negatives;
}

/** Why a model may not take over; none: it may. */
export function objectionsTo(report: ModelReport | null, standing: Standing): readonly string[] {
  if (report === null) return ['it was not evaluated'];
  const objections = report.regressions.map(
    ({ suite, category, what, champion, challenger }) =>
      `${suite}, ${category}: ${what.replace('_', ' ')} ${percent(champion)} → ${percent(challenger)}`,
  );
  if (report.champion !== standing.champion) objections.push('it was compared with another model than the one in force');
  if (report.policy !== standing.policy) objections.push('it was evaluated under another policy than the one in force');
  for (const { name, sha256 } of standing.suites) {
    const same = report.suites.find((suite) => suite.name === name);
    if (same === undefined) objections.push(`the suite ${name}, which the champion had to pass, is missing`);
    else if (same.sha256 !== sha256) objections.push(`the suite ${name} was changed since the champion passed it`);
  }
  const all = report.suites.flatMap(({ challenger }) => challenger['any'] ?? []);
  if (!all.some(({ positives }) => positives > 0) || !all.some(({ negatives }) => negatives > 0))
    objections.push('the suites hold no risky or no harmless prompt, so they prove nothing');
  for (const { name, challenger } of report.suites) {
    const rate = falsePositivesOf(cellOf(challenger, 'any'));
    if (rate > standing.mostFalsePositives)
      objections.push(`${name}: false positives ${percent(rate)}, above the limit of ${percent(standing.mostFalsePositives)}`);
  }
  return objections;
}

/** What a new champion is measured against. */
export interface Standing {
  readonly champion: string;
  readonly policy: string;
  /** Those that the present champion was promoted with. Suites are added, never changed or dropped. */
  readonly suites: readonly { readonly name: string; readonly sha256: string }[];
  /** The share of harmless prompts of any suite that may be flagged, even where the champion flags more; 1: no limit of its own. */
  readonly mostFalsePositives: number;
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
