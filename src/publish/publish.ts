import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Analyzed, Outcome, Published, PublishedArtifactWithBytes, SealedArtifact } from '../contracts/stages.ts';
import type { ImageFormat, ImageRequest } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { commitment } from '../ledger/entry.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { sniffFormat } from '../provenance/image-format.ts';
import type { ManifestFacts } from '../provenance/manifest.ts';
import type { Provenance } from '../provenance/provenance.ts';
import type { GenerationState } from '../storage/act.ts';

export interface PublishParts {
  /** Draws the visible badge. */
  readonly label: (bytes: Uint8Array, format: ImageFormat) => Promise<Uint8Array>;
  /** Signs and verifies what it signed; rejects rather than give back a picture without a good credential. */
  readonly provenance: Pick<Provenance, 'sign'>;
  /** Keys the commitment to the prompt that stands in the credential. */
  readonly promptKey: Uint8Array;
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
    ({ artifact }): EntryBody => ({
      kind: 'artifact.published',
      generation: rendered.submission.id,
      artifact: artifact.id,
      decision: decision.id,
      sha256: artifact.sha256,
      credential: decision.obligations.credential,
      label: decision.obligations.label,
    }),
  );
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

async function mark(artifact: SealedArtifact, cleared: Cleared<Analyzed>, { label, provenance, promptKey, evidence }: PublishParts) {
  const { obligations } = cleared.decision;
  const { format } = artifact;
  const labeled = obligations.label ? await label(artifact.bytes, format) : artifact.bytes;
  const bytes = obligations.credential ? await sign(labeled, artifact, cleared, { provenance, promptKey }) : labeled;
  const { blob } = await evidence.seal({ id: artifact.id, kind: 'published', bytes });
  const published: PublishedArtifactWithBytes = {
    id: artifact.id,
    format,
    sha256: bytes === artifact.bytes ? artifact.sha256 : createHash('sha256').update(bytes).digest('hex'),
    bytes,
    ...(artifact.revisedPrompt === undefined ? {} : { revisedPrompt: artifact.revisedPrompt }),
  };
  return { artifact: published, blob };
}

async function sign(
  bytes: Uint8Array,
  { id, format }: SealedArtifact,
  { rendered, decision }: Cleared<Analyzed>,
  { provenance, promptKey }: Pick<PublishParts, 'provenance' | 'promptKey'>,
): Promise<Uint8Array> {
  if (format === 'svg') throw new ImprimaturError('PUBLISH_FAILED', { detail: 'an SVG was not rasterized' });
  const { request, id: generation } = rendered.submission;
  const signed = await provenance.sign({
    bytes,
    format,
    manifest: {
      generation,
      artifact: id,
      decision: decision.id,
      policy: decision.policy,
      model: { name: request.model, version: rendered.modelVersion || 'unknown' },
      promptCommitment: commitment(promptKey, request.prompt),
      createdAt: decision.decidedAt,
      oversight: decision.stage === 'review' ? 'human_validated' : 'prompt_guided',
      origin: originOf(request),
    },
  });
  return signed.bytes;
}

/** The first picture that the caller sent is the parent. */
function originOf({ inputs }: ImageRequest): ManifestFacts['origin'] {
  const parent = inputs.find(({ role }) => role === 'image');
  const format = parent === undefined ? null : sniffFormat(parent.bytes);
  return parent === undefined || format === null ? { kind: 'created' } : { kind: 'edited', parent: { bytes: parent.bytes, format } };
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
