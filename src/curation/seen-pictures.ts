import { DigestIndex } from '../registries/hash-lists/digest-index.ts';
import { PdqIndex } from '../registries/hash-lists/pdq-index.ts';
import { PDQ_MATCH_DISTANCE } from '../registries/pdq/pdq-bands.ts';
import { type PdqBits, parsePdq } from '../registries/pdq/pdq-bits.ts';

/** Below this PDQ says little about a picture, such as a plain one, and would match strangers (ThreatExchange's rule). */
export const LEAST_QUALITY = 50;

/** Where the record of an earlier picture begins in the journal, and how it is the same. */
export interface Twin {
  readonly at: number;
  readonly kind: 'exact' | 'near';
}

/** The first picture of each kind that was seen, in some eighty bytes: a million take as much memory as one large photograph decoded. */
export class SeenPictures {
  readonly #digests = new DigestIndex(32);
  readonly #digestAt: number[] = [];
  readonly #hashes = new PdqIndex();
  readonly #hashAt: number[] = [];

  /** @param orientations PDQ of the picture in all eight; empty when they say too little */
  find(sha256: string, orientations: readonly string[]): Twin | undefined {
    const [exact] = this.#digests.positions(sha256);
    if (exact !== undefined) return { at: this.#digestAt[exact] ?? 0, kind: 'exact' };
    const queries = orientations.map(parsePdq).filter((bits): bits is PdqBits => bits !== undefined);
    if (queries.length === 0) return undefined;
    for (const [near] of this.#hashes.near(queries, PDQ_MATCH_DISTANCE))
      if (near !== undefined) return { at: this.#hashAt[near] ?? 0, kind: 'near' };
    return undefined;
  }

  /** @param pdq null when it says too little */
  add(sha256: string, pdq: string | null, at: number): void {
    this.#digests.add(sha256, 0);
    this.#digestAt.push(at);
    const bits = pdq === null ? undefined : parsePdq(pdq);
    if (bits === undefined) return;
    this.#hashes.add(bits);
    this.#hashAt.push(at);
  }
}
