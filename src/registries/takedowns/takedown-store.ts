import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ArtifactId, StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';

/** A published picture that must not be spread any more. */
export interface Takedown {
  readonly artifactId: string;
  /** A code such as `court-order`; no text about a person. */
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
}

/** The reason of a takedown that nobody has decided yet. */
export const UNDER_REVIEW = 'under-review';

const row = z.object({ artifact_id: z.string(), reason: z.string(), taken_by: z.string(), taken_at: z.date() });
const COLUMNS = 'artifact_id, reason, taken_by, taken_at';

/** The takedown of a picture, or null while it may be shown. */
export async function takedownOf(db: Queryable, artifactId: ArtifactId): Promise<Takedown | null> {
  const { rows } = await db.query({
    name: 'takedown-of',
    text: `select ${COLUMNS} from takedowns where artifact_id = $1`,
    values: [artifactId],
  });
  return rows[0] === undefined ? null : toTakedown(rows[0]);
}

/** Newest first. */
export async function listTakedowns(db: Queryable, limit: number): Promise<readonly Takedown[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from takedowns order by taken_at desc, artifact_id desc limit $1`,
    values: [limit],
  });
  return rows.map(toTakedown);
}

interface TakedownWish {
  readonly artifactId: ArtifactId;
  readonly reason: string;
  /** `timer`: nobody decided in time, and the policy says what then. */
  readonly by: StaffId | 'timer';
}

/**
 * From the commit on nobody gets the picture here, and uploads of it are refused; nor the frames that were streamed while it
 * was made, the last of which is nearly the picture. Taking down twice keeps the first.
 * @throws ImprimaturError NOT_FOUND when no such picture was published
 */
export async function takeDown(
  wish: TakedownWish,
  { db, journal }: { db: Database; journal: Pick<Journal, 'recordIn'> },
): Promise<Takedown> {
  const down = await db.transaction((tx) => takeDownIn(tx, wish, journal));
  if (down === null) throw new ImprimaturError('NOT_FOUND');
  return down;
}

/** The same within a transaction. What was only hidden until somebody decides is down for good then. Null: no such picture was published. */
export async function takeDownIn(
  tx: Queryable,
  { artifactId, reason, by }: TakedownWish,
  journal: Pick<Journal, 'recordIn'>,
): Promise<Takedown | null> {
  const { rows } = await tx.query({
    text: `insert into takedowns as t (artifact_id, reason, taken_by)
           select own.id, $2, $3 from artifacts asked join artifacts own on own.generation_id = asked.generation_id
           where asked.id = $1 and (own.id = asked.id or own.kind = 'partial') and own.published_at is not null
           on conflict (artifact_id) do update set reason = excluded.reason, taken_by = excluded.taken_by, taken_at = clock_timestamp()
             where t.reason = '${UNDER_REVIEW}' and excluded.reason <> t.reason
           returning ${COLUMNS}`,
    values: [artifactId, reason, by],
  });
  const taken = rows.map(toTakedown);
  const [first, ...rest] = taken.map((one) => ({ kind: 'artifact.taken_down' as const, artifact: one.artifactId, reason, by }));
  if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
  return taken.find((one) => one.artifactId === artifactId) ?? (await takedownOf(tx, artifactId));
}

/**
 * A takedown turned out to be wrong: the picture, and the frames that were streamed while it was made, may be shown again.
 * @returns whether anything was down
 */
export function liftTakedown(
  wish: Pick<TakedownWish, 'artifactId' | 'by'>,
  { db, journal }: { db: Database; journal: Pick<Journal, 'recordIn'> },
): Promise<boolean> {
  return db.transaction((tx) => liftTakedownIn(tx, wish, journal));
}

/** The same within a transaction. */
export async function liftTakedownIn(
  tx: Queryable,
  { artifactId, by }: Pick<TakedownWish, 'artifactId' | 'by'>,
  journal: Pick<Journal, 'recordIn'>,
): Promise<boolean> {
  const { rows } = await tx.query({
    text: `delete from takedowns t using artifacts asked, artifacts own
           where asked.id = $1 and own.generation_id = asked.generation_id and (own.id = asked.id or own.kind = 'partial') and t.artifact_id = own.id
           returning t.artifact_id, t.reason, t.taken_by, t.taken_at`,
    values: [artifactId],
  });
  const [first, ...rest] = rows.map(toTakedown).map((one) => ({ kind: 'artifact.restored' as const, artifact: one.artifactId, by }));
  if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
  return first !== undefined;
}

function toTakedown(found: unknown): Takedown {
  const { artifact_id, reason, taken_by, taken_at } = row.parse(found);
  return { artifactId: artifact_id, reason, by: taken_by, at: taken_at };
}
