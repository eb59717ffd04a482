import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, newId, type StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';

export const GOLD_STATES = ['candidate', 'active', 'retired'] as const;
export type GoldState = (typeof GOLD_STATES)[number];

/** A decided case whose right answer is known, and why it is right. */
export interface GoldItem {
  readonly id: string;
  readonly caseId: string;
  readonly decision: string;
  readonly policy: string | null;
  readonly rationale: string;
  readonly state: GoldState;
  /** How often a reviewer met it. */
  readonly shown: number;
  readonly madeBy: string;
  readonly madeAt: Date;
}

const COLUMNS = 'id, case_id, decision, policy, rationale, state, shown, made_by, made_at';
const row = z
  .object({
    id: z.string(),
    case_id: z.string(),
    decision: z.string(),
    policy: z.string().nullable(),
    rationale: z.string(),
    state: z.enum(GOLD_STATES),
    shown: z.int(),
    made_by: z.string(),
    made_at: z.date(),
  })
  .transform(({ case_id, made_by, made_at, ...rest }): GoldItem => ({ ...rest, caseId: case_id, madeBy: made_by, madeAt: made_at }));

/** Newest first. Suspected child abuse material is left out for whoever may not know of it. */
export async function listGold(
  db: Queryable,
  { limit, mayKnowRestricted }: { limit: number; mayKnowRestricted: boolean },
): Promise<readonly GoldItem[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from gold_items g
           where $2 or exists (select 1 from cases c where c.id = g.case_id and not c.restricted) order by made_at desc, id desc limit $1`,
    values: [limit, mayKnowRestricted],
  });
  return rows.map((one) => row.parse(one));
}

interface NewGold {
  readonly caseId: CaseId;
  readonly decision: string;
  readonly policy: string | null;
  readonly rationale: string;
  readonly by: StaffId;
  readonly mayKnowRestricted: boolean;
}

interface GoldParts {
  readonly db: Database;
  readonly journal: Journal;
}

/** A case that was decided becomes a gold case, or a candidate becomes one. @throws ImprimaturError NOT_FOUND, REQUEST_INVALID for one that is not decided */
export function makeGold(
  { caseId, decision, policy, rationale, by, mayKnowRestricted }: NewGold,
  { db, journal }: GoldParts,
): Promise<GoldItem> {
  return db.transaction(async (tx) => {
    const found = await tx.query({
      text: 'select id, state, kind, restricted, replays from cases where id = $1 for update',
      values: [caseId],
    });
    const subject = found.rows[0] === undefined ? null : subjectRow.parse(found.rows[0]);
    // A replay is told from other cases by nobody, not even by what cannot be made of it.
    if (subject === null || (subject.restricted && !mayKnowRestricted)) throw new ImprimaturError('NOT_FOUND');
    if (subject.kind !== 'generation' && subject.kind !== 'upload') throw undecided('Only held generations and files can be shown again.');
    if (subject.state !== 'released' && subject.state !== 'blocked') throw undecided('Only a decided case has a right answer.');
    const { rows } = await tx.query({
      text: `insert into gold_items (id, case_id, decision, policy, rationale, state, made_by) values ($1, $2, $3, $4, $5, 'active', $6)
             on conflict (case_id) do update set decision = excluded.decision, policy = excluded.policy, rationale = excluded.rationale, state = 'active',
               made_by = excluded.made_by, retired_at = null
             returning ${COLUMNS}`,
      values: [newId('gold'), subject.replays ?? caseId, decision, policy, rationale, by],
    });
    const made = row.parse(rows[0]);
    await journal.recordIn(tx, {}, [{ kind: 'gold.made', gold: made.id, decision, by: `operator:${by}` }]);
    return made;
  });
}

const subjectRow = z.object({ state: z.string(), kind: z.string(), restricted: z.boolean(), replays: z.string().nullable() });
const undecided = (hint: string) => new ImprimaturError('REQUEST_INVALID', { hint, param: 'case_id' });

/** It is shown to nobody any more; answers given stay. @throws ImprimaturError NOT_FOUND */
export function retireGold(id: string, by: StaffId, { db, journal }: GoldParts): Promise<GoldItem> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `update gold_items set state = 'retired', retired_at = clock_timestamp() where id = $1 returning ${COLUMNS}`,
      values: [id],
    });
    if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
    await journal.recordIn(tx, {}, [{ kind: 'gold.retired', gold: id, by: `operator:${by}` }]);
    return row.parse(rows[0]);
  });
}
