import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Queryable } from '../../storage/database.ts';

/** Whose decisions may be given out, and which. */
export interface ExportScope {
  /** Applications whose users agreed. */
  readonly applications: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
}

/** What is never given out, whoever agreed: crimes against children, known material, and real people. */
export const NEVER_EXPORTED: readonly Category[] = ['sexual_minors', 'known_bad', 'real_person_likeness', 'ncii_undress'];

const row = z
  .object({
    id: z.string(),
    generation_id: z.string(),
    submission: z.instanceof(Uint8Array).nullable(),
    policy: z.string(),
    categories: z.array(z.string()),
    closed_at: z.date(),
    final: z.string(),
    others: z.array(z.string()),
    is_settled: z.boolean(),
    pictures: z.array(z.string()),
  })
  .transform(({ generation_id, closed_at, is_settled, ...rest }) => ({
    ...rest,
    generationId: generation_id,
    closedAt: closed_at,
    isSettled: is_settled,
  }));

/** A case with what people decided. `others`: what somebody else, or the same person earlier, decided otherwise. Pictures by SHA-256. */
export type DecidedCase = z.output<typeof row>;

/**
 * The last word on a case is an adjudication, else a correction or the decision itself. Where a second look differed and nobody has said who was right
 * (`isSettled` false), the truth is not known.
 */
const DECIDED = `
select c.id, c.generation_id, g.submission, d.policy, c.categories, c.closed_at, coalesce(a.decision, l.decision) as final,
  array(
    select distinct said from (
      select decision as said from case_decisions where case_id = c.id and undone_at is null
      union select second_decision from quality_reviews where original_id = c.id and purpose = 'double'
    ) s where said not in (coalesce(a.decision, l.decision), 'escalate')
  ) as others,
  (a.decision is not null or not exists (
    select 1 from quality_reviews q where q.original_id = c.id and q.purpose = 'double' and q.second_decision <> l.decision)) as is_settled,
  array(
    select raw_sha256 from artifacts r where r.generation_id = c.generation_id and r.kind = 'final' and c.stage = 'output' order by r.position
  ) as pictures
from cases c
join generations g on g.id = c.generation_id
join decisions d on d.id = c.decision_id
join lateral (
  select decision from case_decisions where case_id = c.id and undone_at is null and effect <> 'none' and by <> 'timer' order by seq desc limit 1
) l on true
left join lateral (
  select second_decision as decision from quality_reviews where original_id = c.id and purpose = 'adjudication' order by decided_at desc limit 1
) a on true
where c.kind = 'generation' and c.replays is null and not c.restricted and c.state in ('released', 'blocked') and c.settles_at is null
  and c.closed_at >= $2 and c.closed_at < $3 and g.application = any ($1) and not (c.categories && $4)
  and not exists (select 1 from artifacts t join takedowns k on k.artifact_id = t.id where t.generation_id = c.generation_id)
order by c.closed_at, c.id limit $5`;

/** Oldest first. Nothing of a picture that was taken down, of a case that only a timer decided, or of an application that did not agree. */
export async function decidedCases(db: Queryable, { applications, from, to, limit }: ExportScope): Promise<readonly DecidedCase[]> {
  const { rows } = await db.query({ text: DECIDED, values: [[...applications], from, to, [...NEVER_EXPORTED], limit] });
  return rows.map((one) => row.parse(one));
}
