import { ImprimaturError } from '../contracts/errors.ts';
import { type ArtifactId, type DecisionId, type GenerationId, isId, newId, type StaffId } from '../contracts/ids.ts';
import type { GenerationStore } from '../generations/generation-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { takeDown } from '../registries/takedowns/takedown-store.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import { hashesOfCase } from '../review/notices/hashes-of-case.ts';
import { KINDS } from '../review/notices/notice-kinds.ts';
import { type Notice, type NoticeOutcome, noticesOfCase, targetsOfCase } from '../review/notices/notice-store.ts';
import { addStayDown, type StayDown } from '../review/notices/stay-down.ts';
import { dayOf, type ReasonsRecord } from '../review/statements/reasons-record.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { restoreReported, showAgain } from './hide-reported.ts';

export interface SettleNoticeParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly store: Pick<GenerationStore, 'artifact'>;
  readonly policy: Pick<CompiledPolicy, 'ref'>;
  readonly stayDown: Pick<StayDown, 'refresh'>;
  /** Tells the reporters, in the transaction that decides. */
  readonly answered?: (tx: Queryable, notices: readonly Notice[]) => Promise<void>;
}

type Decider = StaffId | 'timer';

/**
 * What follows from a decision on a reported picture: it is taken down, its hashes are listed where the decision says so, its maker gets a decision with reasons,
 * and every reporter who was joined into the case learns the outcome. A correction does the other one, and everybody is told again. Run again after a failure, it
 * does only what is left.
 */
export async function settleNotice(found: OtherCase, made: CaseDecision, parts: SettleNoticeParts): Promise<void> {
  const notices = await noticesOfCase(parts.db, found.id);
  const [first] = notices;
  if (first === undefined || made.decision === 'escalate') return;
  const artifacts = (await targetsOfCase(parts.db, found.id)).flatMap((id) => (isId('art', id) ? [id] : []));
  const isRemoval = isRemovalBy(made.decision);
  if (isRemoval) await remove(artifacts, { found, made, first }, parts);
  else await showAgain(found, deciderOf(made), parts);
  if (!isRemoval && made.role === 'correction') {
    await restoreReported(found, { by: deciderOf(made), reason: KINDS[first.kind].takedownReason }, parts);
    await parts.stayDown.refresh();
  }
  const listed = made.decision === 'remove_and_list' ? await list(artifacts, { found, made, first }, parts) : 0;
  await tellAll(found, made, noticeOutcomeOf(made.decision, artifacts.length, listed), parts);
}

/** How reports end by a decision. @param removed published pictures that are taken down; @param listed hashes that are kept from coming back */
export function noticeOutcomeOf(decision: CaseDecision['decision'], removed: number, listed = 1): NoticeOutcome {
  if (!isRemovalBy(decision)) return 'kept';
  return decision === 'remove_and_list' && removed === 0 && listed > 0 ? 'listed' : 'removed';
}

const isRemovalBy = (decision: CaseDecision['decision']) => decision === 'remove' || decision === 'remove_and_list';

interface Acting {
  readonly found: OtherCase;
  readonly made: CaseDecision;
  readonly first: Notice;
}

async function remove(artifacts: readonly ArtifactId[], acting: Acting, parts: SettleNoticeParts): Promise<void> {
  const by = deciderOf(acting.made);
  const byGeneration = new Map<GenerationId, { id: ArtifactId; at: Date }[]>();
  for (const id of artifacts) {
    const record = await parts.store.artifact(id);
    if (record?.published === undefined || record.published === null) continue;
    await takeDown({ artifactId: id, reason: KINDS[acting.first.kind].takedownReason, by }, parts);
    const of = byGeneration.get(record.generationId) ?? [];
    byGeneration.set(record.generationId, [...of, { id, at: record.published.at }]);
  }
  for (const [generationId, removed] of byGeneration) await decideRemoval(generationId, removed, acting, parts);
}

/** A decision on the generation, once: its maker gets a statement of reasons for it, and may appeal it. */
async function decideRemoval(
  generationId: GenerationId,
  removed: readonly { readonly id: ArtifactId; readonly at: Date }[],
  { found, made, first }: Acting,
  { db, journal, policy }: SettleNoticeParts,
): Promise<void> {
  const text =
    "select 1 from decisions where generation_id = $1 and body ->> 'caseId' = $2 and coalesce(body ->> 'caseDecisionId', $3) = $3";
  if ((await db.query({ text, values: [generationId, found.id, made.id] })).rowCount > 0) return;
  const id = newId('dec');
  const by = deciderOf(made);
  const { categories } = KINDS[first.kind];
  const isTimer = by === 'timer';
  const reasons = removalReasons(first, {
    id,
    isTimer,
    decidedAt: made.decided_at,
    publishedAt: removed[0]?.at ?? made.decided_at,
    policy,
  });
  const body = {
    id,
    action: 'block',
    stage: 'review',
    policy: policy.ref,
    rules: [],
    findings: [],
    categories,
    obligations: { credential: true, label: false, watermark: 'off' },
    decidedAt: made.decided_at,
    decidedBy: isTimer ? { kind: 'policy' } : { kind: 'operator', keyId: by },
    caseId: found.id,
    caseDecisionId: made.id,
    artifacts: removed.map((one) => one.id),
    reasons,
  };
  const row = {
    id,
    generation_id: generationId,
    stage: 'review',
    action: 'block',
    policy: formatPolicyRef(policy.ref),
    body,
    decided_at: made.decided_at.toISOString(),
  };
  await db.transaction((tx) =>
    journal.recordIn(tx, { decision: row }, [
      {
        kind: 'decision.made',
        generation: generationId,
        decision: id,
        stage: 'review',
        action: 'block',
        policy: row.policy,
        categories: [...categories],
        case: found.id,
        artifacts: [...body.artifacts],
        by: isTimer ? 'timer' : `operator:${by}`,
      },
    ]),
  );
}

interface Removal {
  readonly id: DecisionId;
  readonly isTimer: boolean;
  readonly decidedAt: Date;
  readonly publishedAt: Date;
  readonly policy: SettleNoticeParts['policy'];
}

/** Why a reported picture is taken down, for whoever made it. */
export function removalReasons(
  first: Pick<Notice, 'kind' | 'lane'>,
  { id, isTimer, decidedAt, publishedAt, policy }: Removal,
): ReasonsRecord {
  const { categories, law } = KINDS[first.kind];
  return {
    puid: id,
    restriction: 'removed',
    content: 'picture',
    categories: [...categories],
    contentOn: dayOf(publishedAt),
    decidedOn: dayOf(decidedAt),
    detection: 'people',
    decision: isTimer ? 'fully' : 'not_automated',
    source: first.lane === 'trusted' ? 'trusted_flagger' : 'notice',
    by: isTimer ? 'policy' : 'operator',
    policy: `${policy.ref.name}@${policy.ref.version}`,
    law,
  };
}

/** @returns how many hashes are on the list because of this case */
async function list(artifacts: readonly ArtifactId[], { found, made, first }: Acting, parts: SettleNoticeParts): Promise<number> {
  const hashes = await hashesOfCase(parts.db, found.id, artifacts);
  const [category = null] = KINDS[first.kind].categories;
  await parts.db.transaction(async (tx) => {
    await addStayDown(tx, hashes, { caseId: found.id, category, by: deciderOf(made) });
    await parts.journal.recordIn(tx, {}, [{ kind: 'stay_down.listed', case: found.id, hashes: hashes.length, by: deciderOf(made) }]);
  });
  await parts.stayDown.refresh();
  return hashes.length;
}

async function tellAll(
  found: OtherCase,
  made: CaseDecision,
  outcome: NoticeOutcome,
  { db, journal, answered }: SettleNoticeParts,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query({
      text: `update notices set state = 'decided', outcome = $2, decided_at = clock_timestamp(), case_decision_id = $3 where case_id = $1
               and (state = 'open' or (state = 'decided' and outcome is distinct from $2))`,
      values: [found.id, outcome, made.id],
    });
    if (rowCount === 0) return;
    await journal.recordIn(tx, {}, [{ kind: 'notice.decided', case: found.id, outcome, notices: rowCount }]);
    await answered?.(
      tx,
      (await noticesOfCase(tx, found.id)).filter(({ state }) => state === 'decided'),
    );
  });
}

function deciderOf({ by }: CaseDecision): Decider {
  if (by === 'timer' || by === 'local' || isId('key', by) || isId('user', by)) return by;
  throw new ImprimaturError('INTERNAL', { detail: 'a notice was decided by nobody that is known' });
}
