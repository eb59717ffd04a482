import type { Cleared } from '../contracts/cleared.ts';
import type { Analyzed, Outcome, Published, Unmarkable } from '../contracts/stages.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { keepCredential } from '../provenance/recovery/keep-credential.ts';
import type { FindParents, Parent } from '../registries/marks/find-parents.ts';
import type { GenerationState, ParentRow } from '../storage/act.ts';
import { type FinishedArtifact, finishArtifact, type MarkedArtifact, type MarkParts, markArtifact } from './mark-artifact.ts';
import { markFacts, markRow } from './mark-facts.ts';

export interface PublishParts extends MarkParts {
  readonly journal: Journal;
  /** Which pictures of ours a request brought back. */
  readonly findParents: FindParents;
}

/**
 * The only way out: label, mark, describe, sign, store, write down. A held generation leaves through here too, when a person released it.
 * Any step that fails stops everything: nothing leaves unmarked that must not. Partial frames are marked like end results: the last of them shows
 * nearly the whole picture.
 */
export async function publish(cleared: Cleared<Analyzed>, parts: PublishParts): Promise<Published | Unmarkable> {
  const { rendered, decision } = cleared;
  const [finished, parents] = await Promise.all([
    Promise.all(rendered.artifacts.map((artifact) => finishArtifact(artifact, cleared, parts))),
    parts.findParents(rendered.submission.request.inputs),
  ]);
  const unmarkable = unmarkableOf(cleared, finished);
  if (unmarkable !== null) return unmarkable;
  const marked = await Promise.all(finished.map((one) => markArtifact(one, cleared, parts)));
  const isFinal = rendered.frame.kind === 'final';
  const outcome = isFinal ? publishedOutcome(cleared, marked) : null;
  const at = new Date().toISOString();
  const from: GenerationState = decision.stage === 'review' ? 'held' : 'running';

  const entries = marked.map((one) => entryOf(one, cleared, parents));
  const kept = marked.map(({ artifact, unasserted }) => keepCredential(artifact, unasserted));
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error('nothing to publish: the model gave no picture');
  await parts.journal.record(
    (leaves) => ({
      artifactUpdates: marked.map(({ artifact, blob }, i) => ({
        id: artifact.id,
        published_sha256: artifact.sha256,
        published_blob: blob,
        published_format: artifact.format,
        published_at: at,
        ledger_leaf: leaves[i] ?? '',
      })),
      credentials: kept.flatMap(({ credentials }) => credentials),
      bindings: kept.flatMap(({ bindings }) => bindings),
      watermarks: marked.flatMap(markRow),
      parents: marked.flatMap(({ artifact }) => parents.map((parent) => parentRow(artifact.id, parent))),
      ...(outcome === null
        ? {}
        : {
            generationUpdate: {
              id: rendered.submission.id,
              from: [from],
              state: 'published' as const,
              answer: outcome,
              intent_released: false,
            },
          }),
    }),
    [first, ...rest],
  );
  return {
    frame: rendered.frame,
    artifacts: marked.map(({ artifact }) => artifact),
    decisionId: decision.id,
    policy: formatPolicyRef(decision.policy),
    notes: rendered.notes,
    details: rendered.details,
    outcome,
  };
}

function entryOf({ artifact, mark }: MarkedArtifact, { rendered, decision }: Cleared<Analyzed>, parents: readonly Parent[]): EntryBody {
  return {
    kind: 'artifact.published',
    generation: rendered.submission.id,
    artifact: artifact.id,
    decision: decision.id,
    sha256: artifact.sha256,
    credential: decision.obligations.credential,
    label: decision.obligations.label,
    ...(mark === null ? {} : { watermark: markFacts(mark) }),
    ...(parents.length === 0 ? {} : { derived_from: parents.map(({ artifactId }) => artifactId) }),
    ...(artifact.timestamp === undefined ? {} : { timestamp: artifact.timestamp }),
    ...(artifact.inputCodes === undefined || artifact.inputCodes.length === 0 ? {} : { inputs: artifact.inputCodes }),
  };
}

/** A person who releases a picture that could not be marked has seen why it was held. */
function unmarkableOf({ decision }: Cleared<Analyzed>, finished: readonly FinishedArtifact[]): Unmarkable | null {
  if (decision.obligations.watermark !== 'required' || decision.stage === 'review') return null;
  const [first, ...rest] = finished.flatMap(({ mark }) => (mark?.kind === 'not_markable' ? [mark.reason] : []));
  return first === undefined ? null : { unmarkable: [first, ...rest] };
}

function parentRow(artifactId: string, { artifactId: parentId, foundBy }: Parent): ParentRow {
  return { artifact_id: artifactId, parent_id: parentId, found_by: foundBy };
}

function publishedOutcome({ rendered, decision }: Cleared<Analyzed>, marked: readonly MarkedArtifact[]): Outcome {
  return {
    kind: 'published',
    createdAt: decision.decidedAt.toISOString(),
    decisionId: decision.id,
    policy: formatPolicyRef(decision.policy),
    artifacts: marked.map(({ artifact: { bytes: _bytes, ...facts } }) => facts),
    usage: rendered.usage,
    details: rendered.details,
    notes: rendered.notes,
  };
}
