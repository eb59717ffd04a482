import { z } from 'zod';

/** What the cases `c` of one end user come to: how many there were, how many were blocked, and how many of those with an action on the person. */
export const USER_COUNTS = `count(c.id) as held, count(*) filter (where c.state = 'blocked') as refused,
  count(*) filter (where c.state = 'blocked' and exists (
    select 1 from case_decisions d where d.case_id = c.id and d.user_action is not null and d.undone_at is null and d.effect <> 'none')) as strikes`;

export const userCounts = { held: z.coerce.number(), refused: z.coerce.number(), strikes: z.coerce.number() } as const;

/** So much of a user's digest is shown: it tells people of one gateway apart, and is nothing that a platform knows. */
export const PSEUDONYM_CHARS = 12;
