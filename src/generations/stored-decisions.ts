import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { ACTIONS, type Reasoning, type RuleHit, WATERMARK_WISHES } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Finding } from '../contracts/finding.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt') }),
  z.object({ kind: z.literal('input_image'), index: z.int().nonnegative() }),
  z.object({ kind: z.literal('artifact'), index: z.int().nonnegative() }),
]);

const signal = z.object({
  category: z.enum(CATEGORIES),
  score: z.number(),
  reason: z.string(),
  spans: z.array(z.object({ start: z.number(), end: z.number() })).exactOptional(),
});
const about = { check: z.string(), subject: subjectSchema, durationMs: z.number() };

/** A finding as a decision keeps it. */
export const findingSchema: z.ZodType<Finding> = z.discriminatedUnion('kind', [
  z.object({ ...about, kind: z.literal('signals'), signals: z.array(signal) }),
  z.object({ ...about, kind: z.literal('abstained'), reason: z.string() }),
  z.object({ ...about, kind: z.literal('failed'), cause: z.enum(['threw', 'timed_out', 'missing', 'garbled']), detail: z.string() }),
]);

const row = z.object({ findings: z.array(findingSchema) });

/**
 * What was found in the prompt and the input pictures of a generation when policy decided on them.
 * @throws ImprimaturError EVIDENCE_UNREADABLE when it is not there: nothing found would be a guess
 */
export async function promptFindings(db: Queryable, id: GenerationId): Promise<readonly Finding[]> {
  const text = "select body->'findings' as findings from decisions where generation_id = $1 and stage = 'prompt' order by id limit 1";
  const { rows } = await db.query({ name: 'prompt-findings', text, values: [id] });
  const found = row.safeParse(rows[0]);
  if (!found.success) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `the findings on the prompt of ${id} cannot be read` });
  return found.data.findings;
}

const ruleSchema: z.ZodType<RuleHit> = z.object({
  rule: z.string(),
  action: z.enum(ACTIONS),
  floor: z.boolean(),
  categories: z.array(z.enum(CATEGORIES)),
  evidence: z.array(z.object({ check: z.string(), reason: z.string(), score: z.number(), subject: subjectSchema.exactOptional() })),
  exception: z.templateLiteral(['exc_', z.string()]).exactOptional(),
});

const contribution = z.object({
  check: z.string(),
  category: z.enum(CATEGORIES),
  reason: z.string(),
  score: z.number(),
  subject: subjectSchema,
  isEarlier: z.boolean(),
  family: z.string(),
  added: z.number(),
});

const reasoningSchema: z.ZodType<Reasoning> = z.object({
  risks: z.array(z.object({ category: z.enum(CATEGORIES), risk: z.number(), contributions: z.array(contribution) })),
  nearly: z.array(z.object({ rule: z.string(), action: z.enum(ACTIONS), why: z.string() })),
  floors: z.array(z.object({ category: z.enum(CATEGORIES), from: z.number(), peak: z.number().nullable() })),
  crossFloors: z.array(
    z.object({ rule: z.string(), sides: z.array(z.object({ side: z.string(), state: z.enum(['there', 'open', 'absent']) })) }),
  ),
});

const storedDecision = z.object({
  id: z.string(),
  stage: z.string(),
  action: z.enum(ACTIONS),
  policy: z.string(),
  decided_at: z.date(),
  body: z.object({
    rules: z.array(ruleSchema),
    findings: z.array(findingSchema),
    obligations: z.looseObject({
      credential: z.boolean(),
      label: z.boolean(),
      watermark: z.enum(WATERMARK_WISHES).exactOptional(),
      conservative: z.literal(true).exactOptional(),
    }),
    decidedBy: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('policy') }),
      z.object({ kind: z.literal('operator'), keyId: z.string() }),
    ]),
    caseId: z.string().exactOptional(),
    /** Absent in those that an earlier version wrote, and where a person decided. */
    reasoning: reasoningSchema.exactOptional(),
    ledgerLeaf: z.string().exactOptional(),
  }),
});

/** A decision as it was written down, with what was found and what led to it. */
export type StoredDecision = z.output<typeof storedDecision>;

/** All decisions on a generation, the first one first. */
export async function decisionsOf(db: Queryable, id: GenerationId): Promise<readonly StoredDecision[]> {
  const text = 'select id, stage, action, policy, decided_at, body from decisions where generation_id = $1 order by id';
  const { rows } = await db.query({ name: 'decisions-of-generation', text, values: [id] });
  return rows.map((one) => storedDecision.parse(one));
}

const ownerRow = z.object({ generation_id: z.templateLiteral(['gen_', z.string()]) });

/** The generation that a decision is on; null when there is no such decision. */
export async function generationOfDecision(db: Queryable, decision: string): Promise<GenerationId | null> {
  const { rows } = await db.query({ text: 'select generation_id from decisions where id = $1', values: [decision] });
  return rows[0] === undefined ? null : ownerRow.parse(rows[0]).generation_id;
}
