import { createHash } from 'node:crypto';
import type { Cleared } from '../contracts/cleared.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Analyzed, PublishedArtifactWithBytes, SealedArtifact } from '../contracts/stages.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { commitment } from '../ledger/entry.ts';
import type { PictureFormat } from '../provenance/image-format.ts';
import type { SoftBinding } from '../provenance/manifest.ts';
import type { MetadataWriter } from '../provenance/metadata/metadata-writer.ts';
import type { Provenance } from '../provenance/provenance.ts';
import type { Binding } from '../provenance/recovery/manifest-store.ts';
import type { FinishedPicture, FinishPicture, PictureMark } from '../watermark/finish-picture.ts';
import { WATERMARK_ALGORITHM } from '../watermark/watermark.ts';
import { originOf } from './origin-of.ts';

export interface MarkParts {
  /** Draws the visible badge and the invisible mark. */
  readonly finish: FinishPicture;
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
  /** Null: policy wants no invisible mark. */
  readonly mark: PictureMark | null;
  /** The perceptual hash, where the credential asserts the mark instead. */
  readonly unasserted: readonly Binding[];
}

/** An artifact with label and invisible mark, and nothing written or stored. */
export interface FinishedArtifact extends FinishedPicture {
  readonly artifact: MarkableArtifact;
}

/** Everything that changes pixels. @throws ImprimaturError PUBLISH_FAILED */
export async function finishArtifact(
  { format, ...rest }: SealedArtifact,
  { decision, rendered }: Cleared<Analyzed>,
  { finish }: Pick<MarkParts, 'finish'>,
): Promise<FinishedArtifact> {
  if (format === 'svg') throw new ImprimaturError('PUBLISH_FAILED', { detail: 'an SVG was not rasterized' });
  const { label, labelStyle, watermark } = decision.obligations;
  const { language, request } = rendered.submission;
  const finished = await finish(rest.bytes, {
    format,
    label: label ? { ...(language === undefined ? {} : { language }), ...labelStyle } : null,
    mark: watermark === 'off' ? null : { isEdited: request.operation !== 'generate' },
  });
  return { ...finished, artifact: { ...rest, format } };
}

/** Metadata, credential, in this order, since each covers what was before; then sealed. @throws ImprimaturError PUBLISH_FAILED */
export async function markArtifact(finished: FinishedArtifact, cleared: Cleared<Analyzed>, parts: MarkParts): Promise<MarkedArtifact> {
  const { artifact, mark, bytes } = finished;
  const { format } = artifact;
  const described = describe(bytes, artifact, cleared, parts);
  const binding = await bindingOf(finished, cleared, parts);
  const signed = cleared.decision.obligations.credential
    ? await sign({ described, artifact, softBinding: binding.asserted }, cleared, parts)
    : { bytes: described };
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
  return { artifact: published, blob, mark, unasserted: binding.unasserted };
}

/** By what the picture is found again: its mark, and the hash beside it; or the hash alone. */
async function bindingOf({ artifact, mark, bytes }: FinishedArtifact, { decision }: Cleared<Analyzed>, { fingerprint }: MarkParts) {
  // The mark turns hardly a bit of the hash, so what was hashed when it was looked at serves.
  const hash = await fingerprint(decision.obligations.label ? bytes : artifact.bytes);
  if (mark?.kind !== 'marked') return { asserted: hash, unasserted: [] };
  const asserted: SoftBinding = { alg: WATERMARK_ALGORITHM, value: new Uint8Array(Buffer.from(mark.payload, 'hex')), kind: 'watermark' };
  return { asserted, unasserted: hash === null ? [] : [hash] };
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
  /** With all that is drawn, and with metadata. */
  readonly described: Uint8Array;
  readonly artifact: MarkableArtifact;
  readonly softBinding: SoftBinding | null;
}

async function sign({ described, artifact, softBinding }: Marking, cleared: Cleared<Analyzed>, parts: MarkParts) {
  const { rendered, decision } = cleared;
  const { request, id: generation } = rendered.submission;
  return parts.provenance.sign({
    bytes: described,
    format: artifact.format,
    isGiven: true,
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
      ...(artifact.edits === undefined ? {} : { edits: artifact.edits }),
    },
  });
}

function modelOf({ rendered }: Cleared<Analyzed>) {
  return { name: rendered.madeBy ?? rendered.submission.request.model, version: rendered.modelVersion || 'unknown' };
}
