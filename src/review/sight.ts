import { rolesAllow } from '../access/permissions.ts';
import { samePersonAs } from '../access/same-person.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { isId, type StaffId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import type { Queryable } from '../storage/database.ts';
import { findCase, type ReviewCase } from './case-store.ts';
import type { Queue, Queues } from './queues.ts';

/** A member of staff, with the roles of this moment: a role that was taken away counts from the next request on. */
export interface Staff {
  readonly id: StaffId;
  readonly roles: readonly StaffRole[];
}

/** The queues whose cases somebody may learn of. */
export function visibleQueues({ roles }: Staff, queues: Queues): readonly Queue[] {
  return queues.filter(({ needs }) => rolesAllow(roles, 'cases.read') && rolesAllow(roles, needs));
}

/** The queue of a case; one whose queue is not configured any more is ordinary work. */
export function queueOf({ queue }: Pick<ReviewCase, 'queue'>, queues: Queues): Queue | undefined {
  return queues.find(({ id }) => id === queue) ?? queues.find(({ id }) => id === 'general');
}

/** Whether somebody may learn that a case exists. The class of its data is asked each time, whatever queue it lies in. */
export function maySee(staff: Staff, found: Pick<ReviewCase, 'queue' | 'restricted'>, queues: Queues): boolean {
  if (found.restricted && !rolesAllow(staff.roles, 'cases.restricted')) return false;
  const queue = queueOf(found, queues);
  return queue !== undefined && rolesAllow(staff.roles, 'cases.read') && rolesAllow(staff.roles, queue.needs);
}

/** @throws ImprimaturError NOT_FOUND, also when the case is there and not for the asker to know of */
export async function caseFor(db: Queryable, id: string, staff: Staff, queues: Queues): Promise<ReviewCase> {
  const found = isId('case', id) ? await findCase(db, id) : null;
  if (found === null || !maySee(staff, found, queues)) throw new ImprimaturError('NOT_FOUND');
  return found;
}

/** @throws ImprimaturError AUTH_FORBIDDEN for who may see the case but has no role to decide it */
export function requireRole(staff: Staff, found: ReviewCase, queues: Queues): void {
  const decides = queueOf(found, queues)?.decides ?? 'cases.decide';
  if (!rolesAllow(staff.roles, decides)) throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This needs a role with "${decides}".` });
}

/** The same, and for whoever has spoken already, by whatever key or session of theirs. @throws ImprimaturError AUTH_FORBIDDEN, SECOND_PERSON_NEEDED */
export async function requireDecider(db: Queryable, staff: Staff, found: ReviewCase, queues: Queues): Promise<void> {
  requireRole(staff, found, queues);
  if (found.excluded.length === 0) return;
  const names = await samePersonAs(db, staff.id);
  if (found.excluded.some((one) => names.includes(one)))
    throw new ImprimaturError('SECOND_PERSON_NEEDED', { hint: 'Somebody else has to decide this case.' });
}

/** Whether `requireDecider` would let somebody decide; what boards are asked, `vote` knows. */
export async function mayDecide(db: Queryable, staff: Staff, found: ReviewCase, queues: Queues): Promise<boolean> {
  return requireDecider(db, staff, found, queues).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ImprimaturError && (error.code === 'AUTH_FORBIDDEN' || error.code === 'SECOND_PERSON_NEEDED')) return false;
      throw error;
    },
  );
}

/** Whether a generation or file belongs to a case that is not for the asker to know of. */
export async function isHidden(db: Queryable, generationId: string, staff: Staff): Promise<boolean> {
  if (rolesAllow(staff.roles, 'cases.restricted')) return false;
  const { rowCount } = await db.query({
    name: 'restricted-of-generation',
    text: 'select 1 from cases where generation_id = $1 and restricted limit 1',
    values: [generationId],
  });
  return rowCount > 0;
}

/** What a person with a lease says with each write. */
export interface LeaseClaim {
  readonly lease: string;
  readonly fence: number;
}
