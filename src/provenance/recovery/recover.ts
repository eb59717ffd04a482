import { createHash } from 'node:crypto';
import { PDQ_ALGORITHM } from '../../registries/pdq/pdq-algorithm.ts';
import { type CredentialFormat, sniffFormat } from '../image-format.ts';
import type { Provenance } from '../provenance.ts';
import type { CredentialReport } from '../read-credential.ts';
import { manifestStoreIn, strippedDigest, withSegment } from './credential-segment.ts';
import type { CredentialRecord, ManifestRepository, Match } from './manifest-repository.ts';
import type { PixelBindings, ReadPixels } from './pixel-bindings.ts';

/** By what a picture was found. */
export type MatchedBy = 'watermark' | 'perceptual-hash';

export type FoundMatch = Match & {
  readonly by: MatchedBy;
  readonly alg: string;
  /**
   * How alike the pixels are to what was signed, 0–100; null when no hash was kept. A mark can be copied into another picture, so one that
   * was found by its mark and is not alike is suspect.
   */
  readonly likeness: number | null;
};

export type Recovery =
  /** The very file that left. */
  | { readonly kind: 'intact'; readonly credential: CredentialRecord }
  /** With its credential put back, the file is byte for byte what left, so everything that the credential says of it holds. */
  | { readonly kind: 'reattached'; readonly credential: CredentialRecord; readonly bytes: Uint8Array }
  /** A likeness. The manifest and its signature are ours; that it speaks of this file is not proved. */
  | {
      readonly kind: 'matched';
      readonly credential: CredentialRecord;
      readonly match: FoundMatch;
      readonly manifest: Uint8Array;
      /** Always `invalid` with nothing but the mismatch of the hash over the file, which is not here. */
      readonly report: CredentialReport;
    }
  | { readonly kind: 'unknown' };

export interface RecoveryParts {
  readonly repository: ManifestRepository;
  readonly readPixels: ReadPixels;
  readonly provenance: Pick<Provenance, 'verify'>;
}

/** The file with its credential in place, when it is ours and nothing but the credential is missing or was exchanged. */
export async function reattach(
  bytes: Uint8Array,
  repository: ManifestRepository,
  sha256: string = digestOf(bytes),
): Promise<(Recovery & { kind: 'intact' | 'reattached' }) | null> {
  const intact = await repository.bySignedDigest(sha256);
  if (intact !== null) return { kind: 'intact', credential: intact };
  const format = sniffFormat(bytes);
  if (format === null) return null;
  const credential = await repository.byStrippedDigest(strippedDigest(bytes, format));
  return credential === null ? null : putBack(bytes, format, credential);
}

function putBack(bytes: Uint8Array, format: CredentialFormat, credential: CredentialRecord) {
  const whole = withSegment(bytes, format, credential.segment);
  return whole !== null && digestOf(whole) === credential.signedSha256 ? ({ kind: 'reattached', credential, bytes: whole } as const) : null;
}

/**
 * Published pictures that this one is like, the likeliest first: by its mark, then by its perceptual hash, turned and mirrored ones last.
 * @param limit 1–100
 */
export async function matchesOf(pixels: PixelBindings, limit: number, repository: ManifestRepository): Promise<readonly FoundMatch[]> {
  const found: FoundMatch[] = [];
  const [upright] = pixels.pdq;
  for (const binding of pixels.watermarks) {
    for (const match of await repository.byBinding(binding, limit)) {
      const likeness = binding.likeness ?? (upright === undefined ? null : await repository.likeness(match.manifestId, upright));
      found.push({ ...match, by: 'watermark', alg: binding.alg, likeness });
    }
  }
  const [, ...turned] = pixels.pdq;
  for (const hashes of [upright === undefined ? [] : [upright], turned]) {
    if (hashes.length === 0 || (found.length > 0 && hashes === turned)) continue;
    const matches = await repository.byHashes(hashes, limit);
    found.push(...matches.map((match) => ({ ...match, by: 'perceptual-hash' as const, alg: PDQ_ALGORITHM, likeness: match.similarity })));
  }
  return unique(found).slice(0, limit);
}

/**
 * Gives a file its credential back, or finds whose likeness it is.
 * @throws LostJob when the pixels could not be looked at
 */
export async function recover(bytes: Uint8Array, { repository, readPixels, provenance }: RecoveryParts): Promise<Recovery> {
  const whole = await reattach(bytes, repository);
  if (whole !== null) return whole;
  const pixels = (await repository.isEmpty()) ? null : await readPixels(bytes);
  const [match] = pixels === null ? [] : await matchesOf(pixels, 1, repository);
  const credential = match === undefined ? null : await repository.find(match.manifestId);
  if (match === undefined || credential === null) return { kind: 'unknown' };
  const manifest = manifestStoreIn(credential.segment.segment, credential.format);
  return { kind: 'matched', credential, match, manifest, report: await provenance.verify(manifest, 'manifest-store') };
}

function unique(matches: readonly FoundMatch[]): FoundMatch[] {
  const seen = new Set<string>();
  return matches.filter(({ manifestId }) => !seen.has(manifestId) && seen.add(manifestId));
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
