import { z } from 'zod';
import type { CaseId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';

export type CaseState = 'open' | 'released' | 'blocked';

/** A unit of human review. Until the console exists an operator decides it by API or command line. */
export interface ReviewCase {
  readonly id: CaseId;
  readonly generationId: `gen_${string}`;
  readonly stage: 'prompt' | 'output';
  readonly decisionId: `dec_${string}`;
  readonly state: CaseState;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

const row = z.object({
  id: z.templateLiteral(['case_', z.string()]),
  generation_id: z.templateLiteral(['gen_', z.string()]),
  stage: z.enum(['prompt', 'output']),
  decision_id: z.templateLiteral(['dec_', z.string()]),
  state: z.enum(['open', 'released', 'blocked']),
  opened_at: z.date(),
  closed_at: z.date().nullable(),
  closed_by: z.string().nullable(),
});

const labelRow = z.object({ label: z.boolean().nullable() });

const COLUMNS = 'id, generation_id, stage, decision_id, state, opened_at, closed_at, closed_by';

function toCase(value: unknown): ReviewCase {
  const found = row.parse(value);
  return {
    id: found.id,
    generationId: found.generation_id,
    stage: found.stage,
    decisionId: found.decision_id,
    state: found.state,
    openedAt: found.opened_at,
    closedAt: found.closed_at,
    closedBy: found.closed_by,
  };
}

/** Oldest first, so that nobody waits for ever. */
export async function listCases(db: Database, state: CaseState, limit: number): Promise<readonly ReviewCase[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from cases where state = $1 order by opened_at, id limit $2`,
    values: [state, limit],
  });
  return rows.map(toCase);
}

export async function findCase(db: Queryable, id: CaseId): Promise<ReviewCase | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from cases where id = $1`, values: [id] });
  return rows[0] === undefined ? null : toCase(rows[0]);
}

/** Whether the decision that opened a case asked for a visible label, which nobody's release takes off. */
export async function askedForLabel(db: Queryable, id: CaseId): Promise<boolean> {
  const { rows } = await db.query({
    text: "select d.body #> '{obligations,label}' as label from cases c join decisions d on d.id = c.decision_id where c.id = $1",
    values: [id],
  });
  return rows.some((found) => labelRow.parse(found).label !== false);
}

/** Locks the case until the transaction ends, so that two people cannot decide it at once. */
export async function lockCase(tx: Queryable, id: CaseId): Promise<ReviewCase | null> {
  const { rows } = await tx.query({ text: `select ${COLUMNS} from cases where id = $1 for update`, values: [id] });
  return rows[0] === undefined ? null : toCase(rows[0]);
}

export async function closeCase(tx: Queryable, id: CaseId, state: Exclude<CaseState, 'open'>, by: string): Promise<void> {
  await tx.query({
    text: 'update cases set state = $2, closed_at = clock_timestamp(), closed_by = $3 where id = $1',
    values: [id, state, by],
  });
}
