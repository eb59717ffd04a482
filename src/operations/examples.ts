import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';
import type { DriftMeasure } from './drift.ts';
import { riskBin } from './roll-up.ts';

/** One decision behind a number. */
export interface Example {
  readonly decisionId: string;
  readonly generationId: string;
  readonly at: Date;
}

/** What makes a decision count for a value ($2) of a measure. */
const COUNTS_FOR: Readonly<Record<DriftMeasure, string>> = {
  decisions: 'd.action = $2',
  categories: "d.action in ('hold', 'block') and d.body -> 'categories' ? $2",
  prompts: `d.stage = 'prompt' and ${riskBin('d')} = $2`,
  scores: `d.stage = 'output' and ${riskBin('d')} = $2`,
};

/** Newest decisions that are looked through; what is rarer than one in so many is not found. */
const LOOKED_THROUGH = 5_000;

const row = z
  .object({ id: z.string(), generation_id: z.string(), decided_at: z.date() })
  .transform(({ id, generation_id, decided_at }): Example => ({ decisionId: id, generationId: generation_id, at: decided_at }));

interface ExampleWish {
  readonly measure: DriftMeasure;
  readonly value: string;
  readonly from: Date;
  readonly limit: number;
}

/** Newest first. Nothing whose case is restricted: whoever may see those finds them in their queue. */
export async function findExamples(db: Queryable, { measure, value, from, limit }: ExampleWish): Promise<readonly Example[]> {
  const { rows } = await db.query({
    text: `select d.id, d.generation_id, d.decided_at from (
             select id, generation_id, stage, action, body, decided_at from decisions
             where decided_at >= $1 and stage in ('prompt', 'output') order by decided_at desc limit ${LOOKED_THROUGH}) d
           where ${COUNTS_FOR[measure]} and not exists (select 1 from cases c where c.generation_id = d.generation_id and c.restricted)
           order by d.decided_at desc limit $3`,
    values: [from, value, limit],
  });
  return rows.map((one) => row.parse(one));
}
