import { ImprimaturError } from '../../contracts/errors.ts';
import { isId, newId, type StaffId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { openCase } from '../open-case.ts';
import type { Queues } from '../queues.ts';
import { keepStatement, type NegativeDecision, negativeDecision } from '../statements/statement-store.ts';
import { type Appeal, appealOfDecision, findAppeal, sealAppeal } from './appeal-store.ts';
import { appealableUntil } from './appeal-window.ts';

export interface AppealWish {
  readonly decisionId: string;
  /** What the appellant says, 1–5,000 characters. */
  readonly statement: string;
  readonly email: string | null;
  /** ISO 639; the answer is given in it. */
  readonly language: string;
  /** The key of the caller, or `link`. */
  readonly by: string;
}

export interface AppealParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'sealValue'>;
  readonly queues?: Queues;
  readonly now?: () => Date;
}

/**
 * Opens an appeal: its case and the ledger entry in one transaction. Whoever decided what is appealed, alone or as one of
 * several, is excluded from the case. A hold is no decision to appeal: a person is about to look anyway.
 * @throws ImprimaturError NOT_FOUND, APPEAL_LATE, APPEAL_REPEATED
 */
export async function fileAppeal(
  wish: AppealWish,
  { db, journal, evidence, queues, now = () => new Date() }: AppealParts,
): Promise<Appeal> {
  const decision = await appealable(db, wish.decisionId);
  if (now() > appealableUntil(decision.decidedAt)) throw new ImprimaturError('APPEAL_LATE');
  const id = newId('apl');
  const body = await sealAppeal(id, { statement: wish.statement, email: wish.email }, evidence);
  await db.transaction(async (tx) => {
    // Two at once: the lock of the decision makes the second wait, and find the first.
    await tx.query({ text: 'select id from decisions where id = $1 for update', values: [decision.id] });
    if ((await appealOfDecision(tx, decision.id)) !== null) throw new ImprimaturError('APPEAL_REPEATED');
    const reasons = await keepStatement(tx, decision.generationId, decision.reasons);
    const caseId = await openCase(
      tx,
      {
        about: {
          kind: 'appeal',
          ids: { appeal: id, decision: decision.id, generation: decision.generationId },
          generationId: decision.generationId,
        },
        categories: reasons.categories,
        language: wish.language,
        excluded: await decidersOf(tx, decision),
      },
      { kind: 'appeal.filed', appeal: id, decision: decision.id, generation: decision.generationId, by: wish.by },
      { journal, ...(queues === undefined ? {} : { queues }) },
    );
    await tx.query({
      text: `insert into appeals (id, decision_id, generation_id, case_id, body, language, filed_by) values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [id, decision.id, decision.generationId, caseId, Buffer.from(body), wish.language, wish.by],
    });
  });
  const filed = await findAppeal(db, id);
  if (filed === null) throw new ImprimaturError('INTERNAL', { detail: `appeal ${id} was filed and is not there` });
  return filed;
}

async function appealable(db: Database, id: string): Promise<NegativeDecision> {
  const decision = await negativeDecision(db, id);
  if (decision === null || decision.reasons.restriction === 'awaits_person') throw new ImprimaturError('NOT_FOUND');
  return decision;
}

/** Everybody who had a say in it: first and second of two, those who disagreed, and whoever corrected. To hand a case on says nothing about it. */
async function decidersOf(tx: Queryable, { id, by }: NegativeDecision): Promise<readonly StaffId[]> {
  const { rows } = await tx.query<{ by: string }>({
    text: `select distinct d.by from case_decisions d join decisions own on own.body ->> 'caseId' = d.case_id
           where own.id = $1 and d.decision <> 'escalate' and d.undone_at is null`,
    values: [id],
  });
  const names = new Set([...(by === null ? [] : [by]), ...rows.map((one) => one.by)]);
  return [...names].flatMap((name) => (name === 'local' || isId('key', name) || isId('user', name) ? [name] : []));
}
