import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Analyzed, PublishedArtifactWithBytes, SealedArtifact } from '../contracts/stages.ts';
import type { ImageFormat } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { commitment } from '../ledger/entry.ts';
import type { PictureFormat } from '../provenance/image-format.ts';
import type { SoftBinding } from '../provenance/manifest.ts';
import type { MetadataWriter } from '../provenance/metadata/metadata-writer.ts';
import type { Provenance } from '../provenance/provenance.ts';
import type { LabelStyle } from '../watermark/label-style.ts';
import { originOf } from './origin-of.ts';

export interface MarkParts {
  /** Draws the visible badge. */
  readonly label: (bytes: Uint8Array, format: ImageFormat, style: LabelStyle) => Promise<Uint8Array>;
  /** Writes XMP, without touching a pixel. */
  readonly writeMetadata: MetadataWriter;
  /** What a picture can be found again by; null where its content says too little. */
  readonly fingerprint: (bytes: Uint8Array) => Promise<SoftBinding | null>;
  /** Signs and verifies what it signed; rejects rather than give back a picture without a good credential. */
  readonly provenance: Pick<Provenance, 'sign'>;
  /** Keys the commitment to the prompt that stands in the credential. */
  readonly promptKey: Uint8Array;
  readonly evidence: EvidenceStore;
}

export interface MarkedArtifact {
  readonly artifact: PublishedArtifactWithBytes;
  readonly blob: string;
}

/** Label, metadata, credential, in this order, since each covers the ones before; then sealed. @throws ImprimaturError PUBLISH_FAILED */
export async function markArtifact(artifact: SealedArtifact, cleared: Cleared<Analyzed>, parts: MarkParts): Promise<MarkedArtifact> {
  const { format } = artifact;
  if (format === 'svg') throw new ImprimaturError('PUBLISH_FAILED', { detail: 'an SVG was not rasterized' });
  const { label, credential, labelStyle } = cleared.decision.obligations;
  const { language } = cleared.rendered.submission;
  const style = { ...(language === undefined ? {} : { language }), ...labelStyle };
  const shown = label ? await parts.label(artifact.bytes, format, style) : artifact.bytes;
  const described = describe(shown, { ...artifact, format }, cleared, parts);
  const signed = credential ? await sign({ shown, described, artifact: { ...artifact, format } }, cleared, parts) : { bytes: described };
  const { blob } = await parts.evidence.seal({ id: artifact.id, kind: 'published', bytes: signed.bytes });
  const published: PublishedArtifactWithBytes = {
    id: artifact.id,
    format,
    sha256: createHash('sha256').update(signed.bytes).digest('hex'),
    bytes: signed.bytes,
    ...(artifact.revisedPrompt === undefined ? {} : { revisedPrompt: artifact.revisedPrompt }),
    ...('inputCodes' in signed && signed.inputCodes !== null ? { inputCodes: signed.inputCodes } : {}),
    ...('timestamp' in signed && signed.timestamp.kind !== 'off' ? { timestamp: signed.timestamp.kind } : {}),
  };
  return { artifact: published, blob };
}

type MarkableArtifact = SealedArtifact & { readonly format: PictureFormat };

function describe(bytes: Uint8Array, artifact: MarkableArtifact, cleared: Cleared<Analyzed>, parts: MarkParts): Uint8Array {
  const { submission } = cleared.rendered;
  return parts.writeMetadata(bytes, artifact.format, {
    kind: submission.request.inputs.some(({ role }) => role === 'image') ? 'edited' : 'created',
    generation: submission.id,
    artifact: artifact.id,
    model: modelOf(cleared),
    createdAt: cleared.decision.decidedAt,
    surface: submission.caller.surface,
  });
}

interface Marking {
  /** With the visible label, if there is to be one. */
  readonly shown: Uint8Array;
  /** The same with metadata. */
  readonly described: Uint8Array;
  readonly artifact: MarkableArtifact;
}

async function sign({ shown, described, artifact }: Marking, cleared: Cleared<Analyzed>, parts: MarkParts) {
  const { rendered, decision } = cleared;
  const { request, id: generation } = rendered.submission;
  const softBinding = await parts.fingerprint(shown);
  return parts.provenance.sign({
    bytes: described,
    format: artifact.format,
    manifest: {
      generation,
      artifact: artifact.id,
      decision: decision.id,
      policy: decision.policy,
      model: modelOf(cleared),
      promptCommitment: commitment(parts.promptKey, request.prompt),
      createdAt: decision.decidedAt,
      oversight: decision.stage === 'review' ? 'human_validated' : 'prompt_guided',
      origin: originOf(request, { bytes: artifact.bytes, format: artifact.format, isLabeled: decision.obligations.label }),
      ...(softBinding === null ? {} : { softBinding }),
    },
  });
}

function modelOf({ rendered }: Cleared<Analyzed>) {
  return { name: rendered.submission.request.model, version: rendered.modelVersion || 'unknown' };
}
