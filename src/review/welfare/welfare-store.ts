import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { CaseId, StaffId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import type { WelfareRecord } from './working-state.ts';

interface NewExposure {
  /** Of the view that showed it: `view_…`, or any other id that is never used twice. */
  readonly view: string;
  readonly staff: StaffId;
  readonly caseId: CaseId;
  /** What the case is about: nobody knows what the picture really shows before it was seen. */
  readonly categories: readonly Category[];
}

/**
 * Written in the transaction that lets a picture be seen, so that no view is missed and none is counted that never was. What is too old to count
 * for a budget goes away with the next view: nobody needs to know it.
 */
export async function recordExposure(tx: Queryable, { view, staff, caseId, categories }: NewExposure): Promise<void> {
  await tx.query({
    name: 'record-exposure',
    text: `with old as (delete from exposures where staff = $2 and seen_at < clock_timestamp() - interval '8 days')
           insert into exposures (view, staff, case_id, categories) values ($1, $2, $3, $4)`,
    values: [view, staff, caseId, [...categories]],
  });
}

/** More views than anybody's budget; what lies beyond changes nothing. */
const MOST_VIEWS = 2_000;

const category = z.enum(CATEGORIES);
const record = z.object({
  opt_outs: z.array(category).nullable(),
  break_until: z.date().nullable(),
  views: z.array(z.object({ at: z.coerce.date(), categories: z.array(category) })),
});

/** What is known of one person. */
export async function readWelfare(db: Queryable, staff: StaffId): Promise<WelfareRecord> {
  const { rows } = await db.query({
    name: 'welfare-of-staff',
    text: `select w.opt_outs, w.break_until, coalesce((
        select jsonb_agg(jsonb_build_object('at', e.seen_at, 'categories', e.categories) order by e.seen_at desc) from (
          select seen_at, categories from exposures
          where staff = $1 and seen_at > clock_timestamp() - interval '7 days' order by seen_at desc limit ${MOST_VIEWS}) e), '[]') as views
      from (select 1) one left join staff_welfare w on w.staff = $1`,
    values: [staff],
  });
  const { opt_outs, break_until, views } = record.parse(rows[0]);
  return {
    optOuts: opt_outs ?? [],
    breakUntil: break_until,
    exposures: views.map(({ at, categories }) => ({ seenAt: at, categories })),
  };
}

/** What somebody does not want to see, without a reason. */
export async function setOptOuts(db: Queryable, staff: StaffId, optOuts: readonly Category[]): Promise<void> {
  await db.query({
    text: `insert into staff_welfare (staff, opt_outs) values ($1, $2)
           on conflict (staff) do update set opt_outs = excluded.opt_outs, changed_at = clock_timestamp()`,
    values: [staff, [...new Set(optOuts)]],
  });
}

/** A break until then; null ends it. */
export async function setBreak(db: Queryable, staff: StaffId, until: Date | null): Promise<void> {
  await db.query({
    text: `insert into staff_welfare (staff, break_until) values ($1, $2)
           on conflict (staff) do update set break_until = excluded.break_until, changed_at = clock_timestamp()`,
    values: [staff, until],
  });
}
