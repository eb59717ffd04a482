import type { Capabilities } from '../access/capabilities.ts';
import { useOf } from '../contracts/capability.ts';
import type { Cleared } from '../contracts/cleared.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { GenerationId } from '../contracts/ids.ts';
import type { Analyzed, Outcome, Published, Rendered, Stopped, Unmarkable } from '../contracts/stages.ts';
import type { ActRows, EntryBody, Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { keepCredential } from '../provenance/recovery/keep-credential.ts';
import type { FindParents, Parent } from '../registries/marks/find-parents.ts';
import type { GenerationState, GenerationUpdate, ParentRow } from '../storage/act.ts';
import { type FinishedArtifact, finishArtifact, type MarkedArtifact, type MarkParts, markArtifact } from './mark-artifact.ts';
import { markFacts, markRow } from './mark-facts.ts';

export interface PublishParts extends MarkParts {
  readonly capabilities: Pick<Capabilities, 'stoppedBy'>;
  readonly journal: Journal;
  /** Which pictures of ours a request brought back. */
  readonly findParents: FindParents;
}

/**
 * The only way out: label, mark, describe, sign, store, write down. A held generation leaves through here too, when a person released it.
 * Any step that fails stops everything: nothing leaves unmarked that must not. A kill switch is asked first, and again by
 * the commit itself: whoever threw one knows that nothing left after it. Partial frames are marked like end results: the last of them shows
 * nearly the whole picture.
 */
export async function publish(cleared: Cleared<Analyzed>, parts: PublishParts): Promise<Published | Unmarkable | Stopped> {
  const { rendered, decision } = cleared;
  const use = { ...useOf(rendered.submission), ...(rendered.madeBy === undefined ? {} : { model: rendered.madeBy }) };
  const stopped = (await parts.capabilities.stoppedBy(use)) ?? (await stoppedAsAsked(rendered, parts));
  if (stopped !== null) return { stopped };
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
  const rows = (leaves: readonly string[]): ActRows => ({
    artifactUpdates: marked.map(({ artifact, blob }, i) => ({
      id: artifact.id,
      use,
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
    ...(outcome === null ? {} : { generationUpdate: endedAs(outcome, rendered.submission.id, from) }),
  });
  try {
    await parts.journal.record(rows, [first, ...rest]);
  } catch (error) {
    if (error instanceof ImprimaturError && error.code === 'CAPABILITY_STOPPED') return { stopped: 'unnamed' };
    throw error;
  }
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

/** Whoever stops a model means what was asked of it, too, though another one made it. */
async function stoppedAsAsked({ submission, madeBy }: Rendered, { capabilities }: PublishParts) {
  return madeBy === undefined ? null : capabilities.stoppedBy(useOf(submission));
}

function endedAs(answer: Outcome, id: GenerationId, from: GenerationState): GenerationUpdate {
  return { id, from: [from], state: 'published', answer, intent_released: false };
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
