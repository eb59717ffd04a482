import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';
import { CASE_KINDS, type Queues, queueFor } from './queues.ts';

const stray = z.object({
  id: z.string(),
  kind: z.enum(CASE_KINDS),
  state: z.string(),
  queue: z.string(),
  categories: z.array(z.enum(CATEGORIES)),
  region: z.string().nullable(),
  language: z.string().nullable(),
  surface: z.string().nullable(),
});

const AT_ONCE = 500;

/**
 * Cases that wait in a queue which the configuration has no more go where such a case goes now; what had been handed on goes to senior review. Without it
 * nobody would be given them again. @returns how many
 */
export async function takeInStrays(parts: { readonly db: Database; readonly journal: Pick<Journal, 'recordIn'>; readonly queues: Queues }) {
  const { db, journal, queues } = parts;
  for (let all = 0; ; ) {
    const found = await db.transaction(async (tx) => {
      const { rows } = await tx.query({
        text: `select c.id, c.kind, c.state, c.queue, c.categories, c.region, c.language, g.surface from cases c left join generations g on g.id = c.generation_id
               where c.state in ('open', 'escalated') and c.queue <> all ($1::text[]) order by c.id limit ${AT_ONCE} for update of c skip locked`,
        values: [queues.map(({ id }) => id)],
      });
      const strays = rows.map((row) => stray.parse(row));
      const moves = strays.map((one) => ({ ...one, to: one.state === 'escalated' ? 'senior' : queueFor(one, queues).id }));
      await tx.query({
        text: 'update cases c set queue = m.queue from unnest($1::text[], $2::text[]) as m (id, queue) where c.id = m.id',
        values: [moves.map(({ id }) => id), moves.map(({ to }) => to)],
      });
      const [first, ...rest] = moves.map(({ id, queue, to }) => ({ kind: 'case.moved', case: id, from: queue, to, by: 'config' }));
      if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
      return strays.length;
    });
    all += found;
    if (found < AT_ONCE) return all;
  }
}
