import { z } from 'zod';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

/** Whoever said nothing for so long does not look any more. */
const GONE_SECONDS = 60;

const row = z.object({ by: z.string(), since: z.date() });

/** Somebody else who has the page of a case open. */
export interface Viewer {
  readonly who: string;
  readonly since: Date;
}

/** Notes that somebody has the page of a case open. @returns who else has, the first one first */
export async function viewCase(db: Queryable, caseId: CaseId, by: StaffId): Promise<readonly Viewer[]> {
  const { rows } = await db.query({
    name: 'view-case',
    text: `with seen as (
        insert into case_viewers as v (case_id, by) values ($1, $2) on conflict (case_id, by) do update set seen_at = clock_timestamp(),
          since = case when v.seen_at < clock_timestamp() - make_interval(secs => $3) then clock_timestamp() else v.since end
      )
      select by, since from case_viewers where case_id = $1 and by <> $2 and seen_at > clock_timestamp() - make_interval(secs => $3) order by since, by`,
    values: [caseId, by, GONE_SECONDS],
  });
  return rows.map((one) => {
    const { by: who, since } = row.parse(one);
    return { who, since };
  });
}

/** The page was closed. */
export async function leaveCase(db: Queryable, caseId: CaseId, by: StaffId): Promise<void> {
  await db.query({ name: 'leave-case', text: 'delete from case_viewers where case_id = $1 and by = $2', values: [caseId, by] });
}
