import { createHash } from 'node:crypto';
import { type ArtifactId, isId } from './contracts/ids.ts';
import type { ArtifactRecord, GenerationStore } from './generations/generation-store.ts';
import type { Candidate, FindCandidates, FindReattached } from './provenance/candidate.ts';
import { mayCarryCredential } from './provenance/credential-marks.ts';
import type { FileMetadata, ForeignWatermark } from './provenance/foreign/file-metadata.ts';
import { credentialEvidence, type FileOrigin, metadataEvidence, type OriginEvidence, originOf } from './provenance/foreign/file-origin.ts';
import { sniffFormat } from './provenance/image-format.ts';
import type { Provenance } from './provenance/provenance.ts';
import { type CredentialReport, without } from './provenance/read-credential.ts';
import type { ReadTraces } from './provenance/traces/read-traces.ts';
import { type MarkInFile, markInFile } from './registries/marks/mark-in-file.ts';
import type { RecognizeMark } from './registries/marks/recognize-mark.ts';
import type { RecordedMark } from './registries/marks/recorded-mark.ts';
import type { Takedown } from './registries/takedowns/takedown-store.ts';

/**
 * What we can say about a file. `ours-recovered`: what survives a stripped credential leads to a picture of ours. `foreign`: a
 * credential that is not ours. `none`: no readable credential; what the file says of itself stands in `metadata` all the same.
 */
export type FileVerdict = 'ours-intact' | 'ours-altered' | 'ours-recovered' | 'foreign' | 'none';

/** Our record of a picture: what left here, when, and what became of it. */
export interface FileRecord {
  readonly artifact_id: string;
  readonly generation_id: string;
  readonly published_sha256: string;
  readonly published_at: string;
  readonly surface: string;
  readonly model: string;
  readonly operation: string;
  readonly state: string;
  readonly decision_id: string | null;
  readonly policy: string | null;
  /** Pictures published here that it was made from, as far as they were recognized. */
  readonly derived_from: readonly string[];
  readonly takedown: { readonly reason: string; readonly at: string } | null;
}

/** The one answer about a file; the command line, the HTTP API, the page and the upload gate all show this. */
export interface FileReport {
  readonly verdict: FileVerdict;
  readonly sha256: string;
  readonly origin: FileOrigin;
  readonly c2pa: CredentialReport;
  /** Our own mark, and others. */
  readonly watermark: Pick<MarkInFile, 'state' | 'mark'> & {
    /** Marks of other makers; null when the pixels were not looked at. */
    readonly foreign: readonly ForeignWatermark[] | null;
  };
  /** Null when the file leads to nothing that we published. */
  readonly record: FileRecord | null;
  /** How a picture of ours was recognized in a file that does not say so. */
  readonly recovered: Pick<Candidate, 'how' | 'similarity'> | null;
  readonly metadata: FileMetadata;
  /** What could not be looked at, so that a copy of a picture of ours may stand here unrecognized. */
  readonly unseen: readonly ('watermark' | 'likeness')[];
}

export interface VerifyParts {
  readonly provenance: Pick<Provenance, 'verify'>;
  readonly store: GenerationStore;
  readonly readTraces: ReadTraces;
  readonly findReattached: FindReattached;
  readonly findCandidates: FindCandidates;
  readonly recognizeMark: RecognizeMark;
  /** The mark in the very pixels of a published picture; see `recordedMark`. */
  readonly recordedMark: (artifactId: ArtifactId) => Promise<RecordedMark>;
  readonly takedownOf: (artifactId: ArtifactId) => Promise<Takedown | null>;
  readonly parentsOf: (artifactId: ArtifactId) => Promise<readonly ArtifactId[]>;
}

/** Is this file ours, is it intact, was it made by a model, by whom, when, under which decision? Opens no connection and keeps nothing. */
export async function verifyFile(bytes: Uint8Array, parts: VerifyParts): Promise<FileReport> {
  const { provenance, store, readTraces } = parts;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const exact = await store.artifactByHash(sha256);
  const whole = exact === null ? await parts.findReattached(bytes, sha256) : null;
  const known = exact?.id ?? whole?.artifactId;
  const recorded = known === undefined ? null : await parts.recordedMark(known);
  const [c2pa, traces] = await Promise.all([
    readCredentialOf(bytes, provenance),
    // Of pixels that left here the record says more than they could.
    readTraces(bytes, { atPixels: recorded === null }),
  ]);
  const { metadata, mark: seen } = traces;
  const mark = await markInFile(bytes, { recorded, seen }, parts.recognizeMark);
  const hint = exact ?? (await claimed(c2pa, store));
  const likenesses = exact === null ? await recover(bytes, whole, parts) : [];
  const candidate = likenesses === null ? null : outweighing(hint, likenesses);
  const artifact = candidate?.artifact ?? hint;
  const verdict = judge({ c2pa, artifact, sha256, isRecovered: candidate !== null });
  const record = artifact === null ? null : await describe(artifact, parts);
  const evidence = [...recordEvidence(verdict, record), ...credentialEvidence(c2pa), ...metadataEvidence(metadata)];
  return {
    verdict,
    sha256,
    origin: originOf(evidence),
    c2pa,
    watermark: { state: mark.state, mark: mark.mark, foreign: metadata.watermarks },
    record,
    recovered: candidate === null ? null : { how: candidate.how, similarity: candidate.similarity },
    metadata,
    unseen: [...(mark.isUnsure ? (['watermark'] as const) : []), ...(likenesses === null ? (['likeness'] as const) : [])],
  };
}

async function readCredentialOf(bytes: Uint8Array, provenance: VerifyParts['provenance']): Promise<CredentialReport> {
  return sniffFormat(bytes) === null || mayCarryCredential(bytes) ? provenance.verify(bytes) : without('none', []);
}

interface Judged {
  readonly c2pa: CredentialReport;
  readonly artifact: ArtifactRecord | null;
  readonly sha256: string;
  readonly isRecovered: boolean;
}

/** A claim that is not trusted is only a hint: anybody can write our ids into a file. */
function judge({ c2pa, artifact, sha256, isRecovered }: Judged): FileVerdict {
  if (artifact?.published?.sha256 === sha256) return 'ours-intact';
  if (artifact !== null) return isRecovered ? 'ours-recovered' : 'ours-altered';
  return c2pa.state === 'none' || c2pa.state === 'unreadable' ? 'none' : 'foreign';
}

async function claimed({ claims }: CredentialReport, store: GenerationStore): Promise<ArtifactRecord | null> {
  if (claims === null || !isId('art', claims.artifact)) return null;
  return publishedOnly(await store.artifact(claims.artifact));
}

interface Likeness extends Pick<Candidate, 'how' | 'similarity'> {
  readonly artifact: ArtifactRecord;
  readonly isTakenDown: boolean;
}

/** Published pictures that this one is like, the likeliest first; null when that could not be told. */
async function recover(
  bytes: Uint8Array,
  whole: Candidate | null,
  { findCandidates, store, takedownOf }: VerifyParts,
): Promise<readonly Likeness[] | null> {
  const found = whole === null ? await findCandidates(bytes) : [whole];
  if (found === null) return null;
  const likenesses: Likeness[] = [];
  for (const { artifactId, how, similarity } of found) {
    const artifact = publishedOnly(await store.artifact(artifactId));
    if (artifact !== null) likenesses.push({ artifact, how, similarity, isTakenDown: (await takedownOf(artifactId)) !== null });
  }
  return likenesses;
}

/**
 * The likeness that says more than what the file says of itself, or null. Whoever spreads a picture that was taken down would otherwise write
 * the name of another one into it, or find the one of its near twins that was not.
 */
function outweighing(hint: ArtifactRecord | null, likenesses: readonly Likeness[]): Likeness | null {
  const best = likenesses.find(({ isTakenDown }) => isTakenDown) ?? likenesses[0] ?? null;
  if (best === null || best.artifact.id === hint?.id) return null;
  return hint === null || best.isTakenDown || !likenesses.some(({ artifact }) => artifact.id === hint.id) ? best : null;
}

function publishedOnly(artifact: ArtifactRecord | null): ArtifactRecord | null {
  return artifact?.published == null ? null : artifact;
}

/** Our record proves how these very bytes came to be; of other bytes it is only the likeliest story. */
function recordEvidence(verdict: FileVerdict, record: FileRecord | null): OriginEvidence[] {
  if (record === null) return [];
  const made = record.operation === 'generate' ? 'generated' : 'edited';
  return [{ made, by: record.model, basis: 'record', isProved: verdict === 'ours-intact' }];
}

async function describe(artifact: ArtifactRecord, { store, takedownOf, parentsOf }: VerifyParts): Promise<FileRecord | null> {
  const [generation, takedown, parents] = await Promise.all([
    store.find(artifact.generationId),
    takedownOf(artifact.id),
    parentsOf(artifact.id),
  ]);
  if (generation === null || artifact.published === null) return null;
  const outcome = generation.outcome?.kind === 'published' ? generation.outcome : null;
  return {
    artifact_id: artifact.id,
    generation_id: generation.id,
    published_sha256: artifact.published.sha256,
    published_at: artifact.published.at.toISOString(),
    surface: generation.surface,
    model: generation.model,
    operation: generation.operation,
    state: generation.state,
    decision_id: outcome?.decisionId ?? null,
    policy: outcome?.policy ?? null,
    derived_from: parents,
    takedown: takedown === null ? null : { reason: takedown.reason, at: takedown.at.toISOString() },
  };
}
