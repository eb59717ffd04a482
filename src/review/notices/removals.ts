import type { Queryable } from '../../storage/database.ts';

/** Whether a picture is down because of another notice than that of the case, which was found right and still counts: not on appeal, not corrected. */
export async function isDownForOthers(db: Queryable, artifactId: string, caseId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `select 1 from decisions d join artifacts a on a.generation_id = d.generation_id join cases c on c.id = d.body ->> 'caseId'
           where a.id = $1 and c.id <> $2 and c.kind = 'notice' and c.state = 'blocked' and d.body -> 'artifacts' ? $1
             and not exists (select 1 from appeals p where p.decision_id = d.id and p.state = 'overturned')`,
    values: [artifactId, caseId],
  });
  return rowCount > 0;
}
