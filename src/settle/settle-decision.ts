import { z } from 'zod';
import type { Conductor } from '../conductor.ts';
import type { Decided } from '../contracts/cleared.ts';
import type { Decision } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Analyzed, Prechecked } from '../contracts/stages.ts';
import { isCleared } from '../decide/decide.ts';
import { type DecideReviewParts, stateChange } from '../decide/decide-review.ts';
import { storedReview } from '../decide/stored-review.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import { type PublishParts, publish } from '../publish/publish.ts';
import { liftTakedown, takeDown, takedownOf } from '../registries/takedowns/takedown-store.ts';
import { findCase, type GenerationCase, type OtherCase, putBackHeldAnswer } from '../review/case-store.ts';
import { type CaseDecision, effectDone, effectFailed } from '../review/decision-store.ts';
import { isReplay } from '../review/quality/settle-replay.ts';
import { type ReopenParts, reopen } from '../review/reopen.ts';
import type { Database } from '../storage/database.ts';
import { settleUpload } from '../uploads/decide-upload.ts';
import { actAsDecided } from './act-on-user.ts';
import { judgeRelease } from './judge-release.ts';
import { type SettleEditParts, settleEdit } from './settle-edit.ts';

/** What follows from a decision on a case that is not about a held generation or file. Called again after a failure, so it must bear that. */
export type OtherEffect = (found: OtherCase, made: CaseDecision) => Promise<void>;

export interface SettleParts extends SettleEditParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly review: Pick<DecideReviewParts, 'instanceId' | 'policy'>;
  readonly reopen: ReopenParts;
  readonly publish: PublishParts;
  readonly conductor: Pick<Conductor, 'resume'>;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
  readonly effects?: Readonly<Partial<Record<OtherCase['kind'], OtherEffect>>>;
}

/**
 * Makes happen what was decided. A released picture leaves through `publish` like any other; a released prompt runs the rest of the pipeline, whose
 * output is judged again. Whoever calls has claimed the effect; run twice, it happens once.
 * @throws ImprimaturError EVIDENCE_UNREADABLE, PUBLISH_FAILED; the effect is then tried again later
 */
export async function settleDecision(made: CaseDecision, parts: SettleParts): Promise<void> {
  try {
    const found = await findCase(parts.db, made.case_id);
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    if (await isReplay(parts.db, found.id)) return await effectDone(parts.db, made);
    if (found.kind === 'generation') return await settleGeneration(found, made, parts);
    if (found.kind === 'upload') await settleUpload(found.id, made.decision === 'release', parts);
    else await parts.effects?.[found.kind]?.(found, made);
    await effectDone(parts.db, made);
  } catch (error) {
    await effectFailed(parts.db, made).catch(() => undefined);
    throw error;
  }
}

async function settleGeneration(found: GenerationCase, made: CaseDecision, parts: SettleParts): Promise<void> {
  const decision = await storedReview(parts.db, made.decision_id ?? '');
  const generation = await parts.reopen.store.find(found.generationId);
  if (generation === null) throw new ImprimaturError('NOT_FOUND');
  const { state } = generation;
  if (decision.action === 'block') {
    if (state === 'held') return change(found, made, decision, parts);
    // Its pictures are not there yet: it is asked again until they are, or never will be.
    if (state === 'running') return effectFailed(parts.db, made);
    await takeBack(found, made, parts);
    return conclude(found, made, parts);
  }
  if (state === 'published') await giveBack(found, made, parts);
  if (state === 'refused') await putBackHeldAnswer(parts.db, found, parts.journal);
  else if (state !== 'held') return conclude(found, made, parts);
  const held = { ...(await reopen(found, parts.reopen)), decision };
  if (held.stage === 'prompt') await settlePrompt(held, { found, made, parts });
  else await settleOutput(held, { found, made, parts });
}

/** It happened, and with it what it does to whoever asked. */
function conclude(found: GenerationCase, made: CaseDecision, { db, journal, review: { policy } }: SettleParts): Promise<void> {
  return db.transaction(async (tx) => {
    await actAsDecided(tx, found, made, { journal, policy });
    await effectDone(tx, made);
  });
}

interface Settling {
  readonly found: GenerationCase;
  readonly made: CaseDecision;
  readonly parts: SettleParts;
}

async function settlePrompt(held: Decided<Prechecked>, { found, made, parts }: Settling): Promise<void> {
  if (!isCleared(held)) return;
  await change(found, made, held.decision, parts);
  parts.conductor.resume(held);
}

async function settleOutput(held: Decided<Analyzed>, { found, made, parts }: Settling): Promise<void> {
  const shown = await (made.regions === null ? judgeRelease : settleEdit)(held, { found, made }, parts);
  if (shown === null || !isCleared(shown)) return;
  const published = await publish(shown, parts.publish);
  // It waits for the switch to be lifted, and leaves then.
  if ('stopped' in published) throw new ImprimaturError('CAPABILITY_STOPPED');
  await conclude(found, made, parts);
}

async function change(found: GenerationCase, made: CaseDecision, decision: Decision, { db, journal, review }: SettleParts): Promise<void> {
  const generationUpdate = stateChange(found, decision, review);
  if (generationUpdate === null) return;
  await db.transaction(async (tx) => {
    await journal.recordIn(tx, { generationUpdate }, [
      { kind: 'case.settled', case: found.id, generation: found.generationId, decision: decision.id },
    ]);
    await actAsDecided(tx, found, made, { journal, policy: review.policy });
    await effectDone(tx, made);
  });
}

/** A release that turned out to be wrong: what went out is taken down everywhere. */
async function takeBack(
  { generationId }: GenerationCase,
  made: CaseDecision,
  { db, journal, reopen: { store } }: SettleParts,
): Promise<void> {
  const published = (await store.finalArtifacts(generationId)).filter((artifact) => artifact.published !== null);
  for (const { id } of published) await takeDown({ artifactId: id, reason: CORRECTION, by: speaker.parse(made.by) }, { db, journal });
}

/** That turned out to be wrong, too. What is down for another reason stays down. */
async function giveBack(
  { generationId }: GenerationCase,
  made: CaseDecision,
  { db, journal, reopen: { store } }: SettleParts,
): Promise<void> {
  for (const { id } of await store.finalArtifacts(generationId)) {
    const down = await takedownOf(db, id);
    if (down?.reason === CORRECTION) await liftTakedown({ artifactId: id, by: speaker.parse(made.by) }, { db, journal });
  }
}

const CORRECTION = 'review-correction';

/** What stands there was written by `recordDecision`. */
const speaker = z.union([z.literal(['timer', 'local']), z.templateLiteral(['key_', z.string()]), z.templateLiteral(['user_', z.string()])]);
