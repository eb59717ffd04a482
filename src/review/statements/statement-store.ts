import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ACTIONS, type Decision } from '../../contracts/decision.ts';
import type { GenerationId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { type ReasonsRecord, reasonsOf, reasonsRecord } from './reasons-record.ts';

const decisionRow = z.object({
  id: z.templateLiteral(['dec_', z.string()]),
  stage: z.enum(['prompt', 'output', 'review']),
  action: z.enum(ACTIONS),
  decided_at: z.date(),
  created_at: z.date(),
  body: z.object({
    categories: z.array(z.enum(CATEGORIES)).default([]),
    policy: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
    decidedBy: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('policy') }),
      z.object({ kind: z.literal('operator'), keyId: z.string() }),
    ]),
    /** Of a decision that is not about the generation as a whole, such as a takedown: written down when it was made. */
    reasons: reasonsRecord.exactOptional(),
  }),
});
type DecisionRow = z.output<typeof decisionRow>;

const DECISIONS = `select d.id, d.stage, d.action, d.decided_at, d.body, g.created_at
  from decisions d join generations g on g.id = d.generation_id where d.generation_id = $1 order by d.decided_at, d.id`;

/** A negative decision on a generation: what a statement is about, and what may be appealed. */
export interface NegativeDecision {
  readonly id: `dec_${string}`;
  readonly generationId: GenerationId;
  readonly decidedAt: Date;
  /** The member of staff who made it; null where the policy did. */
  readonly by: string | null;
  readonly reasons: ReasonsRecord;
}

/** Every negative decision on a generation, the oldest first. */
export async function negativeDecisions(db: Queryable, generationId: GenerationId): Promise<readonly NegativeDecision[]> {
  const { rows } = await db.query({ name: 'decisions-for-statements', text: DECISIONS, values: [generationId] });
  const decisions = rows.map((row) => decisionRow.parse(row));
  return decisions.flatMap((decision, at) => {
    const reasons = reasonsAt(decision, decisions.slice(0, at));
    const by = decision.body.decidedBy.kind === 'operator' ? decision.body.decidedBy.keyId : null;
    return reasons === null ? [] : [{ id: decision.id, generationId, decidedAt: decision.decided_at, by, reasons }];
  });
}

/** The reasons that a decision would have, were it made on this generation now. */
export async function reasonsIfDecided(db: Queryable, generationId: GenerationId, decision: Decision): Promise<ReasonsRecord | null> {
  const { rows } = await db.query({ name: 'decisions-for-statements', text: DECISIONS, values: [generationId] });
  const before = rows.map((row) => decisionRow.parse(row));
  const [first] = before;
  if (first === undefined) return null;
  const { id, stage, action, decidedAt: decided_at, policy, decidedBy } = decision;
  const body = { categories: [...decision.categories], policy, decidedBy };
  return reasonsAt({ id, stage, action, decided_at, created_at: first.created_at, body }, before);
}

function reasonsAt(decision: DecisionRow, before: readonly DecisionRow[]): ReasonsRecord | null {
  const { body, action, stage, id, decided_at: decidedAt, created_at: receivedAt } = decision;
  if (body.reasons !== undefined) return body.reasons;
  const held = before.findLast((one) => one.body.decidedBy.kind === 'policy');
  const subject = stage === 'review' ? (held?.stage ?? 'prompt') : stage;
  const { policy, categories } = body;
  const decidedBy = body.decidedBy.kind === 'policy' ? body.decidedBy : ({ kind: 'operator', keyId: 'local' } as const);
  return reasonsOf(
    { id, action, stage, categories, policy, decidedAt, decidedBy },
    { subject: subject === 'output' ? 'output' : 'prompt', categories: held?.body.categories ?? [], receivedAt },
  );
}

const ownerRow = z.object({ generation_id: z.templateLiteral(['gen_', z.string()]) });

/** One negative decision by its id; null when there is no such decision, or it restricts nothing. */
export async function negativeDecision(db: Queryable, id: string): Promise<NegativeDecision | null> {
  const { rows } = await db.query({ text: 'select generation_id from decisions where id = $1', values: [id] });
  if (rows[0] === undefined) return null;
  const { generation_id } = ownerRow.parse(rows[0]);
  return (await negativeDecisions(db, generation_id)).find((one) => one.id === id) ?? null;
}

const recordRow = z.object({ record: reasonsRecord });

/**
 * Keeps the reasons that somebody was told; the first telling stays, so that nobody is told something else later.
 * @returns what is kept
 */
export async function keepStatement(db: Queryable, generationId: GenerationId, record: ReasonsRecord): Promise<ReasonsRecord> {
  await db.query({
    name: 'keep-statement',
    text: 'insert into statements (puid, generation_id, record) values ($1, $2, $3) on conflict (puid) do nothing',
    values: [record.puid, generationId, JSON.stringify(record)],
  });
  const { rows } = await db.query({ name: 'statement', text: 'select record from statements where puid = $1', values: [record.puid] });
  return recordRow.parse(rows[0]).record;
}
