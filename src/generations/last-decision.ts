import { z } from 'zod';
import type { GenerationId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

/** Which decision stands, and under which policy it was made. */
export interface DecisionFacts {
  readonly decisionId: string;
  readonly policy: string;
}

const row = z.object({ id: z.string(), policy: z.string() });

/** The newest decision on a generation; null when there is none. */
export async function lastDecision(db: Queryable, id: GenerationId): Promise<DecisionFacts | null> {
  const text = 'select id, policy from decisions where generation_id = $1 order by id desc limit 1';
  const { rows } = await db.query({ name: 'last-decision', text, values: [id] });
  if (rows[0] === undefined) return null;
  const found = row.parse(rows[0]);
  return { decisionId: found.id, policy: found.policy };
}
