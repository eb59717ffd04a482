import { z } from 'zod';
import { ACTIONS } from '../../contracts/decision.ts';
import { findingSchema } from '../../generations/stored-decisions.ts';
import type { Queryable } from '../../storage/database.ts';

const share = z.number().default(0);
const behavior = z.object({ probing: share, campaign: share, burst: share, copies: share, reasons: z.array(z.string()).default([]) });
const ruleHit = z.object({ rule: z.string(), evidence: z.array(z.object({ reason: z.string() })) });

const row = z.object({
  id: z.string(),
  generation_id: z.templateLiteral(['gen_', z.string()]),
  stage: z.enum(['prompt', 'output']),
  action: z.enum(ACTIONS),
  decided_at: z.date(),
  surface: z.string(),
  application: z.string(),
  operation: z.enum(['generate', 'edit', 'variation']),
  submission: z.instanceof(Uint8Array).nullable(),
  region: z.string().nullable(),
  earlier: z.array(findingSchema).nullable(),
  body: z.object({
    findings: z.array(findingSchema),
    shadows: z.array(findingSchema).default([]),
    rules: z.array(ruleHit),
    behavior: behavior.exactOptional(),
  }),
});

/** What policy decided once, with all that it was told. */
export type PastDecision = z.output<typeof row>;

interface Past {
  readonly since: Date;
  readonly limit: number;
}

/**
 * The newest decisions that policy made, without those of cases that are restricted. One that cannot be read is null: an older version may have
 * written it in another form.
 */
export async function pastDecisions(db: Queryable, { since, limit }: Past): Promise<readonly (PastDecision | null)[]> {
  const { rows } = await db.query({
    text: `select d.id, d.generation_id, d.stage, d.action, d.decided_at, g.surface, g.application, g.operation, g.submission, c.region,
             p.body -> 'findings' as earlier,
             jsonb_build_object('findings', d.body -> 'findings', 'rules', d.body -> 'rules') ||
               jsonb_strip_nulls(jsonb_build_object('shadows', d.body -> 'shadows', 'behavior', d.body -> 'behavior')) as body
           from decisions d join generations g on g.id = d.generation_id
             left join cases c on c.decision_id = d.id and c.kind = 'generation'
             left join lateral (select body from decisions e where d.stage = 'output' and e.generation_id = d.generation_id and e.stage = 'prompt'
               order by e.id limit 1) p on true
           where d.stage in ('prompt', 'output') and d.decided_at >= $1
             and not exists (select 1 from cases r where r.generation_id = d.generation_id and r.restricted)
           order by d.decided_at desc, d.id desc limit $2`,
    values: [since, limit],
  });
  return rows.map((one) => row.safeParse(one).data ?? null);
}
