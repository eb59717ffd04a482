import type { Conductor } from '../conductor.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { isId, type StaffId } from '../contracts/ids.ts';
import type { RenderingFacts } from '../contracts/stages.ts';
import { isCleared } from '../decide/decide.ts';
import type { DecideReviewParts } from '../decide/decide-review.ts';
import { overturn } from '../decide/overturn.ts';
import type { Journal } from '../ledger/journal.ts';
import { type PublishParts, publish } from '../publish/publish.ts';
import { liftTakedown } from '../registries/takedowns/takedown-store.ts';
import { type Appeal, type AppealState, appealOfCase } from '../review/appeals/appeal-store.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import { isDownForOthers } from '../review/notices/removals.ts';
import { liftStayDown } from '../review/notices/stay-down.ts';
import { type ReopenParts, reopen } from '../review/reopen.ts';
import { type NegativeDecision, negativeDecision } from '../review/statements/statement-store.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { liftOfDecision } from './act-on-user.ts';

export interface SettleAppealParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly review: DecideReviewParts;
  readonly reopen: ReopenParts;
  readonly publish: PublishParts;
  readonly conductor: Pick<Conductor, 'resume'>;
  /** Tells the appellant, in the transaction that decides. */
  readonly answered?: (tx: Queryable, appeal: Appeal) => Promise<void>;
}

/** What becomes of an appeal by a decision. */
export const APPEAL_OUTCOMES: Readonly<Partial<Record<CaseDecision['decision'], Exclude<AppealState, 'open'>>>> = {
  uphold: 'upheld',
  partly: 'partly',
  overturn: 'overturned',
};

/**
 * What follows from a person's decision on an appeal. What was refused leaves as anything does that a person released; a picture that was taken down may be
 * shown again; so when a correction grants what was denied first. Run again after a failure, it goes on where it stopped. A timer decides no appeal (DSA, article 20(6)).
 * @throws ImprimaturError EVIDENCE_UNREADABLE, PUBLISH_FAILED, CAPABILITY_STOPPED
 */
export async function settleAppeal(found: OtherCase, made: CaseDecision, parts: SettleAppealParts): Promise<void> {
  const appeal = await appealOfCase(parts.db, found.id);
  const state = APPEAL_OUTCOMES[made.decision];
  if (appeal === null || state === undefined) return;
  const by = staffOf(made.by);
  if (by === null) throw new ImprimaturError('INTERNAL', { detail: `appeal ${appeal.id} was decided by ${made.role}: only a person may` });
  if (state !== 'upheld' && appeal.state !== state) await undo(appeal, { found, by, isPartly: state === 'partly' }, parts);
  await parts.db.transaction(async (tx) => {
    const { rowCount } = await tx.query({
      text: `update appeals set state = $2, decided_at = clock_timestamp(), case_decision_id = $3 where id = $1 and state <> $2`,
      values: [appeal.id, state, made.id],
    });
    if (rowCount === 0) return;
    await parts.journal.recordIn(tx, {}, [
      { kind: 'appeal.decided', appeal: appeal.id, decision: appeal.decision_id, outcome: state, case: found.id },
    ]);
    await parts.answered?.(tx, { ...appeal, state });
  });
}

interface Undoing {
  readonly found: OtherCase;
  readonly by: StaffId;
  readonly isPartly: boolean;
}

async function undo(appeal: Appeal, undoing: Undoing, parts: SettleAppealParts): Promise<void> {
  const decision = await negativeDecision(parts.db, appeal.decision_id);
  if (decision === null) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `the decision that ${appeal.id} is about is gone` });
  const { restriction } = decision.reasons;
  if (restriction === 'removed') await restore(decision, undoing, parts);
  else if (restriction !== 'labelled' && !restriction.startsWith('account_')) await letGo(decision, undoing, parts);
  await parts.db.transaction((tx) => liftOfDecision(tx, decision.id, { by: undoing.by, reason: 'appeal' }, parts.journal));
}

/** In part: the picture stays down, and look-alikes of it are no longer kept from being published. */
async function restore({ id }: NegativeDecision, { by, isPartly }: Undoing, { db, journal }: SettleAppealParts): Promise<void> {
  const { rows } = await db.query<{ artifact_id: string; case_id: string }>({
    text: `select jsonb_array_elements_text(body -> 'artifacts') as artifact_id, body ->> 'caseId' as case_id from decisions where id = $1`,
    values: [id],
  });
  for (const { artifact_id: artifactId, case_id: caseId } of rows) {
    await db.transaction((tx) => liftStayDown(tx, { caseId, by, because: 'appeal' }, journal));
    if (isPartly || !isId('art', artifactId) || (await isDownForOthers(db, artifactId, caseId))) continue;
    await liftTakedown({ artifactId, by }, { db, journal });
  }
}

const UNKNOWN: Omit<RenderingFacts, 'modelVersion'> = { usage: null, details: {}, notes: [], revisedPrompts: [] };

async function letGo({ id, generationId, reasons }: NegativeDecision, undoing: Undoing, parts: SettleAppealParts): Promise<void> {
  const generation = await parts.reopen.store.find(generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  // It has moved on already: an earlier attempt got that far.
  if (generation.state !== 'refused' && generation.state !== 'held') return;
  const stage = reasons.content === 'text' ? 'prompt' : 'output';
  const rendering = { ...UNKNOWN, modelVersion: generation.model };
  const refused = await reopen({ generationId, stage, decisionId: id, rendering }, parts.reopen);
  const wish = { caseId: undoing.found.id, by: undoing.by, isLabelled: undoing.isPartly };
  const ground = { ...parts.review, db: parts.db, journal: parts.journal };
  if (refused.stage === 'prompt') {
    const decided = await overturn(refused, wish, ground);
    if (isCleared(decided)) parts.conductor.resume(decided);
    return;
  }
  const decided = await overturn(refused, wish, ground);
  if (!isCleared(decided)) return;
  const published = await publish(decided, parts.publish);
  // Nobody is told that the decision was wrong while nothing follows from it.
  if ('stopped' in published) throw new ImprimaturError('CAPABILITY_STOPPED');
}

function staffOf(by: string): StaffId | null {
  return by === 'local' || isId('key', by) || isId('user', by) ? by : null;
}
