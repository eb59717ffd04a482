import { z } from 'zod';
import { boardsOf, boardsVotes, votesOf } from '../review/approvals.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { Queryable } from '../storage/database.ts';
import { showVote } from './show-policy.ts';

const subject = z.object({ what: z.string(), boards: z.unknown() }).catchall(z.string());

/** What boards are asked on a case, and what each has said. */
export async function showApproval(found: OtherCase, db: Queryable) {
  const { what, boards: _boards, ...ids } = subject.parse(found.subject);
  return { what, ids, boards: boardsVotes(await votesOf(db, found.id), boardsOf(found)).map(showVote) };
}
