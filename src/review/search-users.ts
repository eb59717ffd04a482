import { z } from 'zod';
import { rolesAllow } from '../access/permissions.ts';
import { around, type Found, type SearchParts } from './found.ts';
import { visibleQueues } from './sight.ts';
import { PSEUDONYM_CHARS, USER_COUNTS, userCounts } from './user-counts.ts';

const userRow = z.object({ pseudonym: z.string(), ...userCounts });
const caseRow = z.object({ id: z.string() });

/** What cases tell of an end user; the platform's own name for them stands nowhere. */
export type FoundUser = z.output<typeof userRow>;

const MOST = 50;

/**
 * As it is for who decides: a case that is shown again while its answer is looked for stands in the place of its original, or the original would tell
 * the answer.
 */
const THEIRS = `left(c.user_digest, ${PSEUDONYM_CHARS}) = left($1, ${PSEUDONYM_CHARS}) and starts_with(c.user_digest, $1) and c.queue = any ($2::text[]) and (not c.restricted or $3)
  and (c.replays is null or c.state in ('open', 'escalated'))
  and not exists (select 1 from cases r where r.replays = c.id and r.state in ('open', 'escalated'))`;

/** By the pseudonym that a case shows, or more of it. @param pseudonym 12 to 64 hex digits */
export async function searchByUser(pseudonym: string, parts: SearchParts): Promise<Found & { readonly users: readonly FoundUser[] }> {
  const { db, staff } = parts;
  const queues = visibleQueues(staff, parts.queues).map(({ id }) => id);
  const values = [pseudonym, queues, rolesAllow(staff.roles, 'cases.restricted')];
  const [users, cases] = await Promise.all([
    db.query({
      text: `select left(c.user_digest, ${PSEUDONYM_CHARS}) as pseudonym, ${USER_COUNTS}
             from cases c where ${THEIRS} group by c.user_digest order by 1 limit ${MOST}`,
      values,
    }),
    db.query({ text: `select c.id from cases c where ${THEIRS} order by c.opened_at desc limit ${MOST}`, values }),
  ]);
  const found = await around(
    [],
    cases.rows.map((one) => caseRow.parse(one).id),
    parts,
  );
  return { ...found, users: users.rows.map((one) => userRow.parse(one)) };
}
