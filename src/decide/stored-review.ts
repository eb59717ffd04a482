import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { type Decision, WATERMARK_WISHES } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Queryable } from '../storage/database.ts';

const decisionSchema: z.ZodType<Decision> = z.object({
  id: z.templateLiteral(['dec_', z.string()]),
  action: z.enum(['allow', 'block']),
  stage: z.literal('review'),
  policy: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  rules: z.array(z.never()),
  categories: z.array(z.enum(CATEGORIES)),
  obligations: z.object({
    credential: z.boolean(),
    label: z.boolean(),
    watermark: z.enum(WATERMARK_WISHES),
    conservative: z.literal(true).exactOptional(),
    labelStyle: z
      .object({
        position: z.enum(['bottom-right', 'bottom-left', 'top-right', 'top-left']).exactOptional(),
        size: z.number().exactOptional(),
        language: z.string().exactOptional(),
      })
      .exactOptional(),
  }),
  decidedAt: z.coerce.date(),
  decidedBy: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('policy') }),
    z.object({
      kind: z.literal('operator'),
      keyId: z.union([z.templateLiteral(['key_', z.string()]), z.templateLiteral(['user_', z.string()]), z.literal('local')]),
    }),
  ]),
  caseId: z.templateLiteral(['case_', z.string()]),
});

const row = z.object({ body: decisionSchema });

/** A person's decision as it stands in the database and in the ledger. @throws ImprimaturError EVIDENCE_UNREADABLE when it is not there whole */
export async function storedReview(db: Queryable, id: string): Promise<Decision> {
  const { rows } = await db.query({ text: "select body from decisions where id = $1 and stage = 'review'", values: [id] });
  const found = row.safeParse(rows[0]);
  if (!found.success) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `the decision ${id} cannot be read` });
  return found.data.body;
}
