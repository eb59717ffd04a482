import { z } from 'zod';
import type { KillId } from '../../contracts/ids.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { type KillScope, type StandingSwitch, standingSwitch } from './kill-switch.ts';

export type KillState = 'on' | 'lifting' | 'lifted' | 'expired';

const killRow = standingSwitch.extend({
  reason: z.string(),
  thrown_by: z.string(),
  thrown_at: z.date(),
  until: z.date().nullable(),
  lift_asked_by: z.string().nullable(),
  lift_ends_at: z.date().nullable(),
  lifted_by: z.string().nullable(),
  lifted_at: z.date().nullable(),
  lift_reason: z.string().nullable(),
  is_over: z.boolean(),
  seen_by: z.coerce.number(),
});

/** A switch with its whole story. */
export interface KillSwitch extends StandingSwitch {
  readonly reason: string;
  readonly thrownBy: string;
  readonly thrownAt: Date;
  readonly until: Date | null;
  /** Null also once nobody agreed in time. */
  readonly liftAskedBy: string | null;
  /** Until when a second person may agree; null: nobody asked. */
  readonly liftEndsAt: Date | null;
  readonly liftedBy: string | null;
  readonly liftedAt: Date | null;
  readonly liftReason: string | null;
  readonly state: KillState;
  /** Processes that have seen it, those that are gone among them. */
  readonly seenBy: number;
}

/** Who asked to lift knew how things stood then; later somebody has to ask anew. */
const LIFT_ENDS_AT = `case when lifted_at is null then lift_asked_at + interval '1 hour' end`;
const COLUMNS = `id, surface, model, operation, region, reason, thrown_by, thrown_at, until, lifted_by, lifted_at, lift_reason,
  case when coalesce(${LIFT_ENDS_AT} > clock_timestamp(), true) then lift_asked_by end as lift_asked_by, ${LIFT_ENDS_AT} as lift_ends_at,
  coalesce(until <= clock_timestamp(), false) as is_over,
  (select count(*) from kill_sightings s where s.kill_id = kill_switches.id) as seen_by`;

export interface NewKill {
  readonly id: KillId;
  readonly scope: KillScope;
  readonly reason: string;
  readonly by: string;
  readonly until: Date | null;
}

/** False when it stood there already, because an earlier attempt did get through. The caller writes the ledger entry in the same `tx`. */
export async function insertKill(tx: Queryable, { id, scope, reason, by, until }: NewKill): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into kill_switches (id, surface, model, operation, region, reason, thrown_by, until)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing`,
    values: [id, scope.surface ?? null, scope.model ?? null, scope.operation ?? null, scope.region ?? null, reason, by, until],
  });
  return rowCount === 1;
}

/** The newest 500 first, those that are on before all others. */
export async function listKills(db: Queryable): Promise<readonly KillSwitch[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from kill_switches order by (lifted_at is null and coalesce(until > clock_timestamp(), true)) desc, thrown_at desc, id limit 500`,
  });
  return rows.map(toKill);
}

/** Null when there is none. With `lock` nobody else changes it until the transaction ends. */
export async function findKill(db: Queryable, id: KillId, lock: 'lock' | 'look' = 'look'): Promise<KillSwitch | null> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from kill_switches where id = $1 ${lock === 'lock' ? 'for update' : ''}`,
    values: [id],
  });
  return rows[0] === undefined ? null : toKill(rows[0]);
}

export async function markLift(tx: Queryable, id: KillId, { by, reason, isFirst }: Lift): Promise<void> {
  await tx.query({
    text: isFirst
      ? 'update kill_switches set lift_asked_by = $2, lift_asked_at = clock_timestamp(), lift_reason = $3 where id = $1'
      : 'update kill_switches set lifted_by = $2, lifted_at = clock_timestamp(), lift_reason = coalesce($3, lift_reason) where id = $1',
    values: [id, by, reason],
  });
}

interface Lift {
  readonly by: string;
  readonly reason: string | null;
  /** Only asked for: a second person has to agree. */
  readonly isFirst: boolean;
}

/** The lock that every publishing statement shares: once it was held alone, whatever had not seen the switch has committed. */
const PUBLISHING_LOCK = '7739836647662381428';
const SETTLE_LIMIT_MS = 2_000;

/** Waits for publications that began before the switch was thrown. False when they did not end in 2 s. */
export async function settlePublications(db: Database): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.query({ text: `set local lock_timeout = ${SETTLE_LIMIT_MS}` });
      await tx.query({ text: `select pg_advisory_xact_lock(${PUBLISHING_LOCK})` });
    });
    return true;
  } catch {
    return false;
  }
}

const sightings = z.object({ processes: z.coerce.number(), seen: z.coerce.number() });

/** How many processes live, and how many of them have seen the switch. */
export async function sightingsOf(db: Queryable, id: KillId): Promise<z.output<typeof sightings>> {
  const { rows } = await db.query({
    text: `select count(*) as processes, count(s.instance) as seen from instances i
           left join kill_sightings s on s.instance = i.id and s.kill_id = $1
           where i.heartbeat_at > clock_timestamp() - interval '15 seconds'`,
    values: [id],
  });
  return sightings.parse(rows[0]);
}

function toKill(row: unknown): KillSwitch {
  const found = killRow.parse(row);
  const { is_over: isOver, ...rest } = found;
  return {
    id: rest.id,
    surface: rest.surface,
    model: rest.model,
    operation: rest.operation,
    region: rest.region,
    reason: rest.reason,
    thrownBy: rest.thrown_by,
    thrownAt: rest.thrown_at,
    until: rest.until,
    liftAskedBy: rest.lift_asked_by,
    liftEndsAt: rest.lift_asked_by === null ? null : rest.lift_ends_at,
    liftedBy: rest.lifted_by,
    liftedAt: rest.lifted_at,
    liftReason: rest.lift_reason,
    seenBy: rest.seen_by,
    state: stateOf({ ...rest, isOver }),
  };
}

function stateOf({
  lifted_at,
  lift_asked_by,
  isOver,
}: Pick<z.output<typeof killRow>, 'lifted_at' | 'lift_asked_by'> & { isOver: boolean }): KillState {
  if (lifted_at !== null) return 'lifted';
  if (isOver) return 'expired';
  return lift_asked_by === null ? 'on' : 'lifting';
}
