import { z } from 'zod';
import { type Permission, rolesAllow } from '../access/permissions.ts';
import { samePersonAs } from '../access/same-person.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Queryable } from '../storage/database.ts';
import type { OtherCase } from './case-store.ts';
import { openCase } from './open-case.ts';
import type { Queues } from './queues.ts';
import type { Staff } from './sight.ts';

export const BOARDS = ['legal', 'privacy', 'product'] as const;
export type Board = (typeof BOARDS)[number];

const PERMISSION = {
  legal: 'approvals.legal',
  privacy: 'approvals.privacy',
  product: 'approvals.product',
} as const satisfies Record<Board, Permission>;

/** `exception`: something that policy forbids, for a while. `policy_activation`: a new policy goes live. `launch`: a capability does. */
const APPROVAL_SUBJECTS = ['exception', 'policy_activation', 'launch'] as const;

interface NewApproval {
  readonly what: (typeof APPROVAL_SUBJECTS)[number];
  /** Ids and digests of what is to be approved. */
  readonly ids: Readonly<Record<string, string>>;
  /** All of them have to approve. */
  readonly boards: readonly Board[];
  /** Who asks; they speak for no board. */
  readonly by: StaffId;
}

/** Opens the case that all named boards have to approve. Nothing happens before the last of them has. */
export function openApproval(
  tx: Queryable,
  { what, ids, boards, by }: NewApproval,
  parts: { readonly journal: Pick<Journal, 'recordIn'>; readonly queues?: Queues },
): Promise<CaseId> {
  return openCase(
    tx,
    { about: { kind: 'approval', ids: { ...ids, what, boards } }, categories: [], excluded: [by] },
    { kind: 'approval.asked', what, ids: { ...ids }, boards: [...boards], by },
    parts,
  );
}

const subject = z.looseObject({ boards: z.array(z.enum(BOARDS)).min(1) });

/** The boards that a case needs. */
export function boardsOf(found: OtherCase): readonly Board[] {
  return subject.parse(found.subject).boards;
}

const voteRow = z.object({ case_id: z.string(), board: z.enum(BOARDS), approves: z.boolean(), by: z.string(), given_at: z.date() });
export type Vote = z.output<typeof voteRow>;

/** What boards have said on one case, the first one first. */
export function votesOf(db: Queryable, caseId: CaseId): Promise<readonly Vote[]> {
  return votesOfCases(db, [caseId]);
}

/** The same of many. */
export async function votesOfCases(db: Queryable, caseIds: readonly CaseId[]): Promise<readonly Vote[]> {
  const { rows } = await db.query({
    text: 'select case_id, board, approves, by, given_at from case_approvals where case_id = any ($1::text[]) order by given_at',
    values: [caseIds],
  });
  return rows.map((one) => voteRow.parse(one));
}

/** Each board with what it said; undefined while it has not spoken. */
export function boardsVotes(votes: readonly Vote[], boards: readonly Board[] = BOARDS) {
  return boards.map((board) => ({ board, vote: votes.find((one) => one.board === board) }));
}

interface NewVote {
  readonly staff: Staff;
  readonly approves: boolean;
  readonly note: string | null;
}

/**
 * Speaks for the boards of one's roles that have not spoken. One person speaks for one board: who has two roles speaks for the first.
 * @returns the board, and whether all have approved now
 * @throws ImprimaturError AUTH_FORBIDDEN for who belongs to none of the boards, SECOND_PERSON_NEEDED for who has spoken
 */
export async function vote(
  tx: Queryable,
  found: OtherCase,
  { staff, approves, note }: NewVote,
): Promise<{ readonly board: Board; readonly isUnanimous: boolean }> {
  const boards = boardsOf(found);
  const given = await votesOf(tx, found.id);
  const names = await samePersonAs(tx, staff.id);
  if (given.some(({ by }) => names.includes(by)))
    throw new ImprimaturError('SECOND_PERSON_NEEDED', { hint: 'You have spoken already; another board has to.' });
  const board = boards.find((one) => rolesAllow(staff.roles, PERMISSION[one]) && given.every((other) => other.board !== one));
  if (board === undefined) {
    const needed = boards.map((one) => `"${PERMISSION[one]}"`).join(' or ');
    throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `This needs a role with ${needed}.` });
  }
  await tx.query({
    text: 'insert into case_approvals (case_id, board, approves, by, note) values ($1, $2, $3, $4, $5)',
    values: [found.id, board, approves, staff.id, note],
  });
  const approved = new Set([...given.filter((one) => one.approves).map((one) => one.board), ...(approves ? [board] : [])]);
  return { board, isUnanimous: boards.every((one) => approved.has(one)) };
}
