import { z } from 'zod';
import { measuresOf } from '../../access/standing/measure.ts';
import { shownMeasure, standingOf } from '../../access/standing/shown-measure.ts';
import type { CaseId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { PSEUDONYM_CHARS, USER_COUNTS, userCounts } from '../user-counts.ts';

/** What other cases tell of an end user: this one would tell what became of it. */
export interface UserHistory {
  /** Stands for the person in this gateway; the platform's own pseudonym is in the sealed submission only. */
  readonly pseudonym: string;
  /** The first case. */
  readonly first_seen: string;
  /** Nobody counts what was never held. */
  readonly generations: null;
  readonly held: number;
  readonly refused: number;
  /** Blocks with an action on the person. */
  readonly strikes: number;
  readonly standing: ReturnType<typeof standingOf>;
  readonly measures: readonly ReturnType<typeof shownMeasure>[];
}

const row = z.object({
  user_digest: z.string(),
  first_seen: z.date(),
  ...userCounts,
});

/** Null where the platform said nothing of whom it asks for. @param isCleared restricted cases count only for who may know of them */
export async function userOf(db: Queryable, caseId: CaseId, isCleared: boolean): Promise<UserHistory | null> {
  const { rows } = await db.query({
    name: 'user-of-case',
    text: `select own.user_digest, coalesce(min(c.opened_at), min(own.opened_at)) as first_seen, ${USER_COUNTS}
           from cases own left join cases c on c.user_digest = own.user_digest and c.replays is null and (not c.restricted or $2)
             and c.id <> own.id and c.id is distinct from own.replays
           where own.id = $1 and own.user_digest is not null group by own.user_digest`,
    values: [caseId, isCleared],
  });
  if (rows[0] === undefined) return null;
  const { user_digest, first_seen, ...counts } = row.parse(rows[0]);
  const at = new Date();
  const measures = await measuresOf(db, user_digest);
  const about = { standing: standingOf(measures, at), measures: measures.map((one) => shownMeasure(one, at, isCleared)) };
  return { pseudonym: user_digest.slice(0, PSEUDONYM_CHARS), first_seen: first_seen.toISOString(), generations: null, ...counts, ...about };
}
