import { rolesAllow } from '../../access/permissions.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { GenerationRecord, GenerationStore } from '../../generations/generation-store.ts';
import { decisionsOf, type StoredDecision } from '../../generations/stored-decisions.ts';
import type { CompiledPolicy } from '../../policy/compile.ts';
import { threadOf } from '../../prompts/conversation/thread-of.ts';
import type { PeopleRegistry } from '../../registries/people/people-registry.ts';
import type { Database } from '../../storage/database.ts';
import type { ReviewCase } from '../case-store.ts';
import { clocksOf } from '../clocks/clock-store.ts';
import { decisionsOfCase } from '../decision-store.ts';
import { draftOf } from '../drafts.ts';
import { type CaseMediaParts, type CaseMedium, mediaOf } from '../pictures/case-media.ts';
import { clusterOf, type KnownPicture, picturesOf, probeOf, similarCases, takenDownLookAlikes } from '../pictures/look-alikes.ts';
import type { Queues } from '../queues.ts';
import type { SecondReviewRule } from '../second-review.ts';
import { type Staff, visibleQueues } from '../sight.ts';
import { signalsOf, spansOf, whyOf } from './account-of.ts';
import { policyPart, readableDecisions, secondReviewPart, shownDecision } from './decide-facts.ts';
import { historyOf } from './history-of.ts';
import { peopleIn } from './people-in.ts';
import { requestOf } from './request-of.ts';
import { shownClock } from './shown-clock.ts';
import { userOf } from './user-of.ts';

export interface DossierParts extends CaseMediaParts {
  readonly db: Database;
  readonly store: GenerationStore;
  readonly evidence: EvidenceStore;
  readonly policy: CompiledPolicy;
  readonly people: Pick<PeopleRegistry, 'list'>;
  readonly queues: Queues;
  readonly secondReview?: readonly SecondReviewRule[];
}

const MOST_SIMILAR = 10;

/** Everything that somebody needs to decide a case, on one page. @param withSignals also what the checks said, with scores */
export async function dossierOf(found: ReviewCase, staff: Staff, parts: DossierParts, { withSignals }: { readonly withSignals: boolean }) {
  const { db, policy } = parts;
  const { generation, stored, decisions, clocks, pictures, draft } = await onRecord(found, staff, parts);
  const held = stored.find(({ id }) => found.kind === 'generation' && id === found.decisionId) ?? stored.at(-1);
  const descriptions = new Map(policy.document.rules.map(({ id, description }) => [id, description]));
  const why = held === undefined ? [] : whyOf(held, descriptions);
  const readable = readableDecisions(found, decisions, staff);
  const isShown = withSignals || readable.some(({ by, undone_at }) => by === staff.id && undone_at === null);
  const probe = probeOf(pictures);
  const isCleared = rolesAllow(staff.roles, 'cases.restricted');
  const queues = visibleQueues(staff, parts.queues).map(({ id }) => id);
  const [request, conversation, media, people, similar, takedowns, cluster, history, user] = await Promise.all([
    generation === null
      ? null
      : requestOf(
          generation,
          stored.flatMap((one) => spansOf(one, policy.document)),
          parts.evidence,
        ),
    generation === null ? [] : threadOf(generation.id, parts).catch(() => []),
    mediaOf(found, parts).catch(() => []),
    peopleIn(stored, parts.people),
    similarCases(db, { found, probe, queues, limit: MOST_SIMILAR }),
    takenDownLookAlikes(db, probe, { isCleared, limit: MOST_SIMILAR }),
    clusterOf(db, found, probe),
    historyOf(db, found, readable),
    userOf(db, found.id, isCleared),
  ]);
  return {
    clocks: clocks.map((clock) => shownClock(clock, policy)),
    why,
    request,
    conversation: conversation.map(({ at, ...turn }) => ({ ...turn, at: at.toISOString() })),
    media: shownMedia(media, pictures),
    provenance: null,
    people,
    user,
    similar: similar.map(({ caseId: case_id, decidedAt, ...one }) => ({ ...one, case_id, decided_at: decidedAt.toISOString() })),
    takedowns: takedowns.map(({ artifactId: artifact_id, ...one }) => ({ ...one, artifact_id })),
    cluster: cluster.length < 2 ? null : { size: cluster.length, case_ids: cluster },
    signals: isShown ? stored.flatMap(signalsOf) : null,
    decisions: readable.map(shownDecision),
    second_review: secondReviewPart(found, decisions, parts.secondReview),
    policy: policyPart(found, policy.ref, why, parts.secondReview),
    draft: draft?.draft ?? null,
    history: history.map(({ at, by, act, text }) => ({ at: at.toISOString(), by, act, text })),
  };
}

/** What stands in the database about a case itself. */
async function onRecord(found: ReviewCase, staff: Staff, parts: DossierParts) {
  const { db } = parts;
  const generation = await generationOf(found, parts);
  const [stored, decisions, clocks, pictures, draft] = await Promise.all([
    generation === null ? [] : storedFor(found, generation, db),
    decisionsOfCase(db, found.id),
    clocksOf(db, found.id),
    picturesOf(db, found.id),
    draftOf(db, found.id, staff.id),
  ]);
  return { generation, stored, decisions, clocks, pictures, draft };
}

function shownMedia(media: readonly CaseMedium[], pictures: readonly KnownPicture[]) {
  const sizes = new Map(pictures.map(({ mediaId, width, height }) => [mediaId, { width, height }]));
  return media.map(({ id, role, artifactId }) => ({
    id,
    role,
    artifact_id: artifactId,
    ...(sizes.get(id) ?? { width: null, height: null }),
    alt: null,
    partner: media.find((other) => other.role !== role)?.id ?? null,
  }));
}

async function generationOf(found: ReviewCase, { store }: DossierParts): Promise<GenerationRecord | null> {
  if (found.kind === 'upload' || found.generationId === null) return null;
  return store.find(found.generationId);
}

/** What policy said up to the hold. A later decision would tell what became of it. */
async function storedFor(found: ReviewCase, { id }: GenerationRecord, db: Database): Promise<readonly StoredDecision[]> {
  const byPolicy = (await decisionsOf(db, id)).filter(({ stage }) => stage !== 'review');
  const held = found.kind === 'generation' ? byPolicy.find((one) => one.id === found.decisionId) : byPolicy.at(-1);
  return held === undefined ? byPolicy : byPolicy.filter(({ decided_at }) => decided_at <= held.decided_at);
}
