import type { Cleared } from '../contracts/cleared.ts';
import type { Analyzed, Outcome, Published } from '../contracts/stages.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { keepCredential } from '../provenance/recovery/keep-credential.ts';
import type { GenerationState } from '../storage/act.ts';
import { type MarkedArtifact, type MarkParts, markArtifact } from './mark-artifact.ts';

export interface PublishParts extends MarkParts {
  readonly journal: Journal;
}

/**
 * The only way out: label, describe, sign, store, write down. A held generation leaves through here too, when a person released it.
 * Any step that fails stops everything: nothing leaves unmarked.
 */
export async function publish(cleared: Cleared<Analyzed>, parts: PublishParts): Promise<Published> {
  const { rendered, decision } = cleared;
  const marked = await Promise.all(rendered.artifacts.map((artifact) => markArtifact(artifact, cleared, parts)));
  const isFinal = rendered.frame.kind === 'final';
  const outcome = isFinal ? publishedOutcome(cleared, marked) : null;
  const at = new Date().toISOString();
  const from: GenerationState = decision.stage === 'review' ? 'held' : 'running';

  const entries = marked.map(
    ({ artifact }): EntryBody => ({
      kind: 'artifact.published',
      generation: rendered.submission.id,
      artifact: artifact.id,
      decision: decision.id,
      sha256: artifact.sha256,
      credential: decision.obligations.credential,
      label: decision.obligations.label,
      ...(artifact.timestamp === undefined ? {} : { timestamp: artifact.timestamp }),
      ...(artifact.inputCodes === undefined || artifact.inputCodes.length === 0 ? {} : { inputs: artifact.inputCodes }),
    }),
  );
  const kept = marked.map(({ artifact }) => keepCredential(artifact));
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
