import { z } from 'zod';
import type { CaseId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';

export type CaseState = 'open' | 'released' | 'blocked';

interface CaseFacts {
  readonly id: CaseId;
  readonly state: CaseState;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

/** Of a generation, before or after the model was asked. */
export interface GenerationCase extends CaseFacts {
  readonly stage: 'prompt' | 'output';
  readonly generationId: `gen_${string}`;
  readonly decisionId: `dec_${string}`;
}

/** Of a file that a platform wants to publish. */
export interface UploadCase extends CaseFacts {
  readonly stage: 'upload';
  readonly uploadId: `upl_${string}`;
}

/** A unit of human review. Until the console exists an operator decides it by API or command line. */
export type ReviewCase = GenerationCase | UploadCase;

const facts = {
  id: z.templateLiteral(['case_', z.string()]),
  state: z.enum(['open', 'released', 'blocked']),
  opened_at: z.date(),
  closed_at: z.date().nullable(),
  closed_by: z.string().nullable(),
};
const row = z.discriminatedUnion('stage', [
  z.object({
    ...facts,
    stage: z.enum(['prompt', 'output']),
    generation_id: z.templateLiteral(['gen_', z.string()]),
    decision_id: z.templateLiteral(['dec_', z.string()]),
  }),
  z.object({ ...facts, stage: z.literal('upload'), upload_id: z.templateLiteral(['upl_', z.string()]) }),
]);

const labelRow = z.object({ label: z.boolean().nullable() });

const COLUMNS = 'id, generation_id, upload_id, stage, decision_id, state, opened_at, closed_at, closed_by';

function toCase(value: unknown): ReviewCase {
  const found = row.parse(value);
  const { id, state, opened_at: openedAt, closed_at: closedAt, closed_by: closedBy } = found;
  const common = { id, state, openedAt, closedAt, closedBy };
  if (found.stage === 'upload') return { ...common, stage: found.stage, uploadId: found.upload_id };
  return { ...common, stage: found.stage, generationId: found.generation_id, decisionId: found.decision_id };
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

export async function openUploadCase(tx: Queryable, id: CaseId, uploadId: string, at: Date): Promise<void> {
  await tx.query({ text: "insert into cases (id, upload_id, stage, opened_at) values ($1, $2, 'upload', $3)", values: [id, uploadId, at] });
}

export async function closeCase(tx: Queryable, id: CaseId, state: Exclude<CaseState, 'open'>, by: string): Promise<void> {
  await tx.query({
    text: 'update cases set state = $2, closed_at = clock_timestamp(), closed_by = $3 where id = $1',
    values: [id, state, by],
  });
}
