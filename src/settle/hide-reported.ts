import { isId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import { liftTakedownIn, takeDownIn, takedownOf, UNDER_REVIEW } from '../registries/takedowns/takedown-store.ts';
import { lockCase, type OtherCase } from '../review/case-store.ts';
import type { TimerVerdict } from '../review/clocks/take-safe-outcome.ts';
import { targetsOfCase } from '../review/notices/notice-store.ts';
import { isDownForOthers } from '../review/notices/removals.ts';
import { liftStayDown } from '../review/notices/stay-down.ts';
import { isDecidable } from '../review/transitions.ts';
import type { Database } from '../storage/database.ts';

interface HideParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
}

/**
 * What was reported is shown to nobody until a person has decided; the case stays open. In one transaction with the look whether somebody has decided, so
 * that nothing stays hidden that was to be kept.
 * @returns `decided` when somebody was first; `keep` when there was nothing of ours to hide
 */
export function hideReported({ caseId }: Pick<TimerVerdict, 'caseId'>, { db, journal }: HideParts): Promise<'hide' | 'keep' | 'decided'> {
  return db.transaction(async (tx) => {
    const found = await lockCase(tx, caseId);
    if (found === null || !isDecidable(found.state)) return 'decided';
    if (found.kind !== 'notice') return 'keep';
    const artifacts = (await targetsOfCase(tx, caseId)).flatMap((id) => (isId('art', id) ? [id] : []));
    let hidden = 0;
    for (const artifactId of artifacts) {
      const isDown = await takeDownIn(tx, { artifactId, reason: UNDER_REVIEW, by: 'timer' }, journal);
      hidden += isDown === null ? 0 : 1;
    }
    return hidden === 0 ? 'keep' : 'hide';
  });
}

/** Somebody has decided that it stays: what was only hidden is shown again, unless another report of it is late, too. */
export function showAgain(found: OtherCase, by: Parameters<typeof takeDownIn>[1]['by'], { db, journal }: HideParts): Promise<void> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ artifact_id: string }>({
      text: `select t.artifact_id from takedowns t where t.artifact_id = any ($1::text[]) and t.reason = $2 and not exists (
               select 1 from notices n join notice_targets x on x.notice_id = n.id join cases c on c.id = n.case_id
                 join case_clocks k on k.case_id = c.id and k.safe_outcome = 'hide' and k.passed_at is not null
               where x.artifact_id = t.artifact_id and c.id <> $3 and c.state in ('open', 'escalated'))`,
      values: [await targetsOfCase(tx, found.id), UNDER_REVIEW, found.id],
    });
    for (const { artifact_id: id } of rows) if (isId('art', id)) await liftTakedownIn(tx, { artifactId: id, by }, journal);
  });
}

interface Restoring {
  readonly by: Parameters<typeof takeDownIn>[1]['by'];
  /** Of this case's takedowns. */
  readonly reason: string;
}

/** The removal was wrong: what the case took down is shown again, unless another report of it was found right, and what it listed may come back. */
export function restoreReported(found: OtherCase, { by, reason }: Restoring, { db, journal }: HideParts): Promise<void> {
  return db.transaction(async (tx) => {
    await liftStayDown(tx, { caseId: found.id, by, because: 'correction' }, journal);
    for (const id of await targetsOfCase(tx, found.id)) {
      if (!isId('art', id) || (await takedownOf(tx, id))?.reason !== reason || (await isDownForOthers(tx, id, found.id))) continue;
      await liftTakedownIn(tx, { artifactId: id, by }, journal);
    }
  });
}
