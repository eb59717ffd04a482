import type { Queryable } from '../storage/database.ts';
import type { EventType } from './event-types.ts';

export interface Announcement {
  readonly type: EventType;
  /** Whose event it is; null for the gateway's own, which only the operator's endpoints hear. */
  readonly application: string | null;
  /** Ids, codes and times. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Tells every endpoint that wants to know, once the caller's transaction commits. Generations, cases and takedowns tell of themselves by triggers
 * (migration 0012), so that nobody can forget.
 */
export async function announce(tx: Queryable, { type, application, data }: Announcement): Promise<void> {
  await tx.query({
    name: 'announce',
    text: 'select imprimatur_announce($1, $2, $3::jsonb)',
    values: [type, application, JSON.stringify(data)],
  });
}
