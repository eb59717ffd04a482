import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import type { Analyzed, Outcome, Published, PublishedArtifactWithBytes, SealedArtifact } from '../contracts/stages.ts';
import type { ImageFormat, InputImage } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import type { GenerationState } from '../storage/act.ts';

/** Puts the visible "AI-generated" badge on a picture, losslessly decoded and encoded in its own format. */
export type Labeler = (bytes: Uint8Array, format: ImageFormat) => Promise<Uint8Array>;

/** What the content credential says about a picture. */
export interface CredentialFacts {
  readonly generation: string;
  readonly artifact: string;
  readonly decision: string;
  readonly policy: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly operation: string;
  readonly createdAt: Date;
  readonly parents: readonly InputImage[];
}

/** Signs a picture; rejects rather than give back one that does not verify. */
export type CredentialSigner = (
  bytes: Uint8Array,
  format: ImageFormat,
  facts: CredentialFacts,
) => Promise<{ bytes: Uint8Array; manifestId: string }>;

export interface PublishParts {
  readonly label: Labeler;
  readonly signCredential: CredentialSigner;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
}

/**
 * The only way out: label, sign, store, write down. A held generation leaves through here too, when a person released it.
 * Any step that fails stops everything: nothing leaves unmarked.
 */
export async function publish(cleared: Cleared<Analyzed>, parts: PublishParts): Promise<Published> {
  const { rendered, decision } = cleared;
  const marked = await Promise.all(rendered.artifacts.map((artifact) => mark(artifact, cleared, parts)));
  const isFinal = rendered.frame.kind === 'final';
  const outcome = isFinal ? publishedOutcome(cleared, marked) : null;
  const at = new Date().toISOString();
  const from: GenerationState = decision.stage === 'review' ? 'held' : 'running';

  const entries = marked.map(
    ({ artifact, manifestId }): EntryBody => ({
      kind: 'artifact.published',
      generation: rendered.submission.id,
      artifact: artifact.id,
      decision: decision.id,
      sha256: artifact.sha256,
      credential: manifestId,
    }),
  );
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error('nothing to publish: the model gave no picture');
  await parts.journal.record(
    {
      artifactUpdates: marked.map(({ artifact, blob }) => ({
        id: artifact.id,
        published_sha256: artifact.sha256,
        published_blob: blob,
        published_format: artifact.format,
        published_at: at,
      })),
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
    },
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

async function mark(
  artifact: SealedArtifact,
  { rendered, decision }: Cleared<Analyzed>,
  { label, signCredential, evidence }: PublishParts,
) {
  const labeled = decision.obligations.label ? await label(artifact.bytes, artifact.format) : artifact.bytes;
  const { request, id } = rendered.submission;
  const signed = decision.obligations.credential
    ? await signCredential(labeled, artifact.format, {
        generation: id,
        artifact: artifact.id,
        decision: decision.id,
        policy: formatPolicyRef(decision.policy),
        model: request.model,
        modelVersion: rendered.modelVersion,
        operation: request.operation,
        createdAt: decision.decidedAt,
        parents: request.inputs.filter(({ role }) => role === 'image'),
      })
    : { bytes: labeled, manifestId: 'none' };
  const { blob } = await evidence.seal({ id: artifact.id, kind: 'published', bytes: signed.bytes });
  const published: PublishedArtifactWithBytes = {
    id: artifact.id,
    format: artifact.format,
    sha256: createHash('sha256').update(signed.bytes).digest('hex'),
    bytes: signed.bytes,
    ...(artifact.revisedPrompt === undefined ? {} : { revisedPrompt: artifact.revisedPrompt }),
  };
  return { artifact: published, manifestId: signed.manifestId, blob };
}

function publishedOutcome({ rendered, decision }: Cleared<Analyzed>, marked: readonly { artifact: PublishedArtifactWithBytes }[]): Outcome {
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
