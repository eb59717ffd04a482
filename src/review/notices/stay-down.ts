import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { Journal } from '../../ledger/journal.ts';
import { createHashRegistry, type HashRegistry } from '../../registries/hash-lists/hash-registry.ts';
import type { Queryable } from '../../storage/database.ts';

/** As hits of this list are named; no list of an operator may have a name with an underscore. */
export const STAY_DOWN_LIST = 'stay_down';

const row = z.object({ algorithm: z.enum(['pdq', 'sha256']), value: z.string(), category: z.enum(CATEGORIES).nullable() });

/** Hashes that a person decided must not come back, as the checks of every prompt's pictures, outputs and uploads see them. */
export interface StayDown {
  readonly registry: HashRegistry;
  /** Takes what changed in the database. */
  refresh(): Promise<void>;
}

export function createStayDown(db: Queryable): StayDown {
  let current = createHashRegistry([]);
  let seen = '';
  return {
    get registry() {
      return current;
    },
    async refresh() {
      const { rows: state } = await db.query<{ state: string }>({
        name: 'stay-down-state',
        text: "select count(*) || ' ' || coalesce(max(added_at)::text, '') as state from stay_down_hashes",
      });
      const now = state[0]?.state ?? '';
      if (now === seen) return;
      const { rows } = await db.query({ text: 'select algorithm, value, category from stay_down_hashes order by algorithm, value' });
      const entries = rows
        .map((one) => row.parse(one))
        .map(({ category, ...entry }) => ({ ...entry, ...(category === null ? {} : { category }) }));
      current = createHashRegistry(entries.length === 0 ? [] : [{ name: STAY_DOWN_LIST, entries }]);
      seen = now;
    },
  };
}

export interface StayDownHash {
  readonly algorithm: 'pdq' | 'sha256';
  /** 64 hex digits. */
  readonly value: string;
}

/** Adds hashes of one decided notice; those that are there stay with their first case. */
export async function addStayDown(
  tx: Queryable,
  hashes: readonly StayDownHash[],
  { caseId, category, by }: { readonly caseId: string; readonly category: Category | null; readonly by: string },
): Promise<number> {
  const { rowCount } = await tx.query({
    text: `insert into stay_down_hashes (algorithm, value, category, case_id, added_by)
           select algorithm, value, $2, $3, $4 from jsonb_to_recordset($1::jsonb) as x(algorithm text, value text)
           on conflict (algorithm, value) do nothing`,
    values: [JSON.stringify(hashes), category, caseId, by],
  });
  return rowCount;
}

interface LiftStayDown {
  readonly caseId: string;
  readonly by: string;
  readonly because: 'appeal' | 'correction';
}

/** The decision was wrong: what it listed may come back. In the ledger, where there was anything. */
export async function liftStayDown(
  tx: Queryable,
  { caseId, by, because }: LiftStayDown,
  journal: Pick<Journal, 'recordIn'>,
): Promise<void> {
  const { rowCount: hashes } = await tx.query({ text: 'delete from stay_down_hashes where case_id = $1', values: [caseId] });
  if (hashes > 0) await journal.recordIn(tx, {}, [{ kind: 'stay_down.lifted', case: caseId, hashes, because, by }]);
}
