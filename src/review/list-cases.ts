import type { Queryable } from '../storage/database.ts';
import { CASE_COLUMNS, type CaseState, type ReviewCase, toCase } from './case-store.ts';

interface CaseFilter {
  readonly state: CaseState;
  /** Only these queues: those that the asker may learn of. */
  readonly queues: readonly string[];
  readonly kind?: string | undefined;
  readonly limit: number;
  /** The id of the last case of the page before. */
  readonly after?: string | undefined;
}

/** Oldest first, so that nobody waits for ever. */
export async function listCases(
  db: Queryable,
  { state, queues, kind = '', limit, after = '' }: CaseFilter,
): Promise<readonly ReviewCase[]> {
  const { rows } = await db.query({
    name: 'list-cases',
    text: `select ${CASE_COLUMNS} from cases
           where state = $1 and queue = any ($2::text[]) and ($3 = '' or kind = $3)
             and ($4 = '' or (opened_at, id) > (select c.opened_at, c.id from cases c where c.id = $4))
           order by opened_at, id limit $5`,
    values: [state, queues, kind, after, limit],
  });
  return rows.map((one) => toCase(one));
}
