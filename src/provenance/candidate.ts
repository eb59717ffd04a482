import type { ArtifactId } from '../contracts/ids.ts';

/** A published picture that a file may be a copy of, although nothing readable in the file says so. */
export interface Candidate {
  readonly artifactId: ArtifactId;
  /** `reattached`: with its credential put back it is, byte for byte, what was published. The other two are likenesses. */
  readonly how: 'reattached' | 'watermark' | 'perceptual-hash';
  /** From 0 to 1; 1 for `reattached`. */
  readonly similarity: number;
}

/** The picture that a file is when its credential is put back, whose pixels are therefore its own. Looks at no pixel. `sha256`: of the file, in hex. */
export type FindReattached = (bytes: Uint8Array, sha256: string) => Promise<Candidate | null>;

/** By pixels. The likeliest first; empty when nothing of ours is like it; null when that could not be told. Never rejects for what the file is. */
export type FindCandidates = (bytes: Uint8Array) => Promise<readonly Candidate[] | null>;
