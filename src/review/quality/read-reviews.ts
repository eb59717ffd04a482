import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';

/** Two judgements of one case. In a gold case the first is the right one and nobody's. */
export interface QualityReview {
  readonly purpose: 'double' | 'gold' | 'adjudication';
  readonly policy: string;
  readonly categories: readonly string[];
  readonly region: string | null;
  readonly language: string | null;
  readonly first: string;
  readonly second: string;
  readonly by: string;
  readonly decidedAt: Date;
}

/** Newest ones; a month of a large team. */
const MOST_REVIEWS = 20_000;

const row = z
  .object({
    purpose: z.enum(['double', 'gold', 'adjudication']),
    policy: z.string(),
    categories: z.array(z.string()),
    region: z.string().nullable(),
    language: z.string().nullable(),
    first_decision: z.string(),
    second_decision: z.string(),
    second_by: z.string(),
    decided_at: z.date(),
  })
  .transform(
    ({ first_decision: first, second_decision: second, second_by: by, decided_at: decidedAt, ...rest }): QualityReview => ({
      ...rest,
      first,
      second,
      by,
      decidedAt,
    }),
  );

/** Oldest first. Suspected child abuse material is part of no figure that others may see. */
export async function readReviews(db: Queryable, from: Date, mayKnowRestricted: boolean): Promise<readonly QualityReview[]> {
  const { rows } = await db.query({
    text: `select purpose, coalesce(policy, q.queue) as policy, q.categories, q.region, q.language, first_decision, second_decision, second_by, decided_at
           from quality_reviews q join cases c on c.id = q.original_id
           where decided_at >= $1 and ($2 or not c.restricted) order by decided_at desc limit ${MOST_REVIEWS}`,
    values: [from, mayKnowRestricted],
  });
  return rows.map((one) => row.parse(one)).toReversed();
}
