import type { TestGateway } from './gateway.ts';

/** Days go by for one clock of a case. A clock's facts cannot be changed, so it is made anew as it would stand then, and its timer is due. */
export async function letTimePass(
  { gateway }: Pick<TestGateway, 'gateway'>,
  { caseId, obligation, days }: { readonly caseId: string; readonly obligation: string; readonly days: number },
): Promise<void> {
  const { db } = gateway.parts;
  await db.query({
    text: `with old as (delete from case_clocks where case_id = $1 and obligation = $2 returning *)
           insert into case_clocks (id, case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at, promised_at, due_at)
           select id || '0', case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at - make_interval(days => $3),
             promised_at - make_interval(days => $3), due_at - make_interval(days => $3) from old`,
    values: [caseId, obligation, days],
  });
  await db.query({
    text: `insert into jobs (id, queue, unique_key, payload)
           select 'job_of_' || id, 'case-clock', id, jsonb_build_object('clock', id) from case_clocks where case_id = $1 and obligation = $2`,
    values: [caseId, obligation],
  });
}
