import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { CASE_COLUMNS, lockCase, type ReviewCase, toCase } from './case-store.ts';
import type { LeaseClaim } from './sight.ts';
import { isDecidable } from './transitions.ts';

/** The right to work on a case: while it runs, nobody else gets the case. The fence grows with each lease of the case. */
export interface Lease {
  readonly id: string;
  readonly fence: number;
  readonly until: Date;
}

/** Without a heartbeat for so long a case goes back to its queue. */
const LEASE_SECONDS = 300;

/** 128 random bits: of the session, not of the person, so two windows of one person do not act for each other. */
const newLease = () => `lease_${randomBytes(16).toString('hex')}`;

interface NextWish {
  readonly queue: string;
  readonly staff: StaffId;
  /** Every name of the same person; absent: that one. */
  readonly names?: readonly string[];
  /** Cases of these categories are left for others. */
  readonly without?: readonly string[];
  readonly seconds?: number;
}

const leased = z.object({ lease_id: z.string(), fence: z.coerce.number(), lease_until: z.date() });

function toLease(row: unknown): Lease {
  const { lease_id: id, fence, lease_until: until } = leased.parse(row);
  return { id, fence, until };
}

/**
 * The most urgent case that waits: first broken deadline, then oldest. Whoever holds one of this queue already gets that one again, under a new lease:
 * a closed window loses no case, and an older window can decide nothing any more. Each asker skips what others are just taking.
 */
export async function claimNext(db: Database, wish: NextWish): Promise<{ found: ReviewCase; lease: Lease } | null> {
  const { queue, staff, names = [staff], without = [], seconds = LEASE_SECONDS } = wish;
  const id = newLease();
  const { rows } = await db.query({
    name: 'claim-next-case',
    text: `with mine as (
        select c.id from case_leases l join cases c on c.id = l.case_id and c.lease_id = l.id
        where l.holder = $2 and l.ended_at is null and c.queue = $1 and c.state in ('open', 'escalated') and c.lease_until > clock_timestamp()
        order by l.claimed_at limit 1
      ), waiting as (
        select id from cases
        where queue = $1 and state in ('open', 'escalated') and (lease_until is null or lease_until <= clock_timestamp())
          and not (excluded && $6::text[]) and not (categories && $3::text[]) and not exists (select 1 from mine)
        order by first_due_at, opened_at, id
        limit 1 for update skip locked
      ), next as (
        select id from mine union all select id from waiting
      ), over as (
        update case_leases l set ended_at = clock_timestamp(), how = 'expired' from next where l.case_id = next.id and l.ended_at is null
      ), taken as (
        update cases c set lease_id = $4, lease_holder = $2, lease_until = clock_timestamp() + make_interval(secs => $5), fence = c.fence + 1
        from next where c.id = next.id and c.state in ('open', 'escalated')
          and (c.lease_until is null or c.lease_until <= clock_timestamp() or c.lease_holder = $2)
        returning c.*
      ), kept as (
        insert into case_leases (id, case_id, holder, fence) select $4, id, $2, fence from taken
      )
      select ${CASE_COLUMNS} from taken`,
    values: [queue, staff, without, id, seconds, names],
  });
  return rows[0] === undefined ? null : { found: toCase(rows[0]), lease: toLease(rows[0]) };
}

interface ClaimWish {
  readonly caseId: CaseId;
  readonly staff: StaffId;
  readonly seconds?: number;
}

/** This very case. @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN, CASE_CLAIMED when somebody else works on it */
export function claimCase(db: Database, { caseId, staff, seconds }: ClaimWish): Promise<Lease> {
  return db.transaction(async (tx) => {
    const found = await lockCase(tx, caseId);
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    if (!isDecidable(found.state)) throw new ImprimaturError('CASE_NOT_OPEN');
    if (found.lease !== null && found.lease.holder !== staff) throw new ImprimaturError('CASE_CLAIMED');
    return giveLease(tx, { caseId, staff, ...(seconds === undefined ? {} : { seconds }) });
  });
}

/** A new lease of a case that this transaction has locked. */
export async function giveLease(tx: Queryable, { caseId, staff, seconds = LEASE_SECONDS }: ClaimWish): Promise<Lease> {
  await endLeases(tx, caseId, 'expired');
  const { rows } = await tx.query({
    name: 'give-lease',
    text: `with taken as (
        update cases set lease_id = $2, lease_holder = $3, lease_until = clock_timestamp() + make_interval(secs => $4), fence = fence + 1 where id = $1
        returning lease_id, fence, lease_until
      ), kept as (insert into case_leases (id, case_id, holder, fence) select $2, $1, $3, fence from taken)
      select * from taken`,
    values: [caseId, newLease(), staff, seconds],
  });
  return toLease(rows[0]);
}

interface Held extends LeaseClaim {
  readonly caseId: CaseId;
  readonly staff: StaffId;
}

/** Still there: the lease runs on from now. @throws ImprimaturError LEASE_LOST when it ran out, or another one was given since */
export async function heartbeat(db: Queryable, { caseId, staff, lease, fence }: Held, seconds: number = LEASE_SECONDS): Promise<Date> {
  const { rows } = await db.query({
    name: 'lease-heartbeat',
    text: `update cases set lease_until = clock_timestamp() + make_interval(secs => $5)
           where id = $1 and lease_id = $2 and fence = $3 and lease_holder = $4 and lease_until > clock_timestamp()
           returning lease_id, fence, lease_until`,
    values: [caseId, lease, fence, staff, seconds],
  });
  if (rows[0] === undefined) throw new ImprimaturError('LEASE_LOST');
  return toLease(rows[0]).until;
}

/** Whether somebody works on the case right now, as they say. @throws ImprimaturError LEASE_LOST */
export async function requireHeld(db: Queryable, { caseId, staff, lease, fence }: Held): Promise<void> {
  const { rowCount } = await db.query({
    name: 'lease-held',
    text: `select 1 from cases where id = $1 and lease_id = $2 and fence = $3 and lease_holder = $4 and lease_until > clock_timestamp()`,
    values: [caseId, lease, fence, staff],
  });
  if (rowCount === 0) throw new ImprimaturError('LEASE_LOST');
}

/** Back to the queue, without blame. @throws ImprimaturError LEASE_LOST */
export function returnLease(db: Database, { caseId, staff, lease, fence }: Held, reason: string | null): Promise<void> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query({
      text: `update cases set lease_id = null, lease_holder = null, lease_until = null
             where id = $1 and lease_id = $2 and fence = $3 and lease_holder = $4 and lease_until > clock_timestamp()`,
      values: [caseId, lease, fence, staff],
    });
    if (rowCount === 0) throw new ImprimaturError('LEASE_LOST');
    await endLeases(tx, caseId, 'returned', reason);
  });
}

/** Notes how the work of whoever held the case ended. */
export async function endLeases(
  tx: Queryable,
  caseId: CaseId,
  how: 'decided' | 'returned' | 'expired',
  reason: string | null = null,
): Promise<void> {
  await tx.query({
    name: 'end-leases',
    text: 'update case_leases set ended_at = clock_timestamp(), how = $2, reason = $3 where case_id = $1 and ended_at is null',
    values: [caseId, how, reason],
  });
}
