import { z } from 'zod';
import type { StaffId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

const row = z.object({ id: z.string() });

/**
 * Every name under which one member of staff may act, as far as it is known here, their own first: where two people have to speak, these are one. A key
 * that somebody made in a session is theirs, since its token was shown to them, and so is each session that a key opened. A key that a command, the
 * configuration or another key made belongs to nobody that is known. Names tried out with one development key count as many people.
 */
export async function samePersonAs(db: Queryable, staff: StaffId): Promise<readonly string[]> {
  const { rows } = await db.query({
    name: 'same-person-as',
    // `owned`: staff id by who is known to hold it. A key that two people had in turn makes no one of the two.
    text: `with recursive held (id, by) as (
        select distinct lineage, made_by from api_keys where role = 'operator' and made_by like 'user\\_%'
        union all
        select u.id, split_part(u.subject, '/', 1) from users u where u.issuer = 'development'
          and not exists (select 1 from api_keys k where k.lineage = split_part(u.subject, '/', 1) and k.development)
      ), mine (id) as (
        select $1::text
        union select h.by from mine m join held h on h.id = m.id
      ), theirs (id) as (
        select id from mine
        union select h.id from theirs t join held h on h.by = t.id
      )
      select id from theirs`,
    values: [staff],
  });
  return [staff, ...rows.map((one) => row.parse(one).id).filter((id) => id !== staff)];
}
