import { z } from 'zod';
import type { LedgerReader } from '../../ledger/reader.ts';
import type { Queryable } from '../../storage/database.ts';
import type { ReviewCase } from '../case-store.ts';
import type { CaseDecision } from '../decision-store.ts';

/** One thing that happened to a case. */
export interface CaseEvent {
  readonly at: Date;
  readonly by: string;
  readonly act: string;
  readonly text: string | null;
  /** Hex leaf hash of the ledger entry that tells of it. */
  readonly leaf: string | null;
}

const row = z.object({ at: z.date(), by: z.string(), act: z.string(), text: z.string().nullable(), leaf: z.string().nullable() });

/** Everything on record of a case, the first thing first: opened, taken, looked at, decided, undone. @param decisions those that the asker may read */
export async function historyOf(db: Queryable, found: ReviewCase, decisions: readonly CaseDecision[]): Promise<readonly CaseEvent[]> {
  const { rows } = await db.query({
    name: 'history-of-case',
    text: `select claimed_at as at, holder as by, 'claimed' as act, null as text, null as leaf from case_leases where case_id = $1
      union all
      select ended_at, holder, how, reason, null from case_leases where case_id = $1 and ended_at is not null and how <> 'decided'
      union all
      select at, by, 'looked:' || what, target, null from case_looks where case_id = $1
      union all
      select given_at, by, case when approves then 'approved' else 'rejected' end, board, null from case_approvals where case_id = $1
      union all
      select decided_at, 'policy', 'held', null, body ->> 'ledgerLeaf' from decisions where id = $2
      order by 1 limit 1000`,
    values: [found.id, found.kind === 'generation' ? found.decisionId : null],
  });
  const decided = decisions.flatMap(({ decided_at: at, by, decision, role, undone_at: undone, ledger_leaf: leaf }): CaseEvent[] => [
    { at, by, act: `decided:${decision}`, text: role, leaf },
    ...(undone === null ? [] : [{ at: undone, by, act: 'undone', text: null, leaf: null }]),
  ]);
  const opened: CaseEvent = { at: found.openedAt, by: 'gateway', act: 'opened', text: found.queue, leaf: null };
  return [opened, ...rows.map((one) => row.parse(one)), ...decided].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** An event with the place in the log where anybody can prove it. */
export async function withProof({ leaf, at, ...event }: CaseEvent, ledger: Pick<LedgerReader, 'findEntry'>) {
  const index = leaf === null ? null : await ledger.findEntry(Buffer.from(leaf, 'hex'));
  return { ...event, at: at.toISOString(), entry: index === null ? null : { index, proof_url: `/ledger/proof/leaf/${leaf}` } };
}
