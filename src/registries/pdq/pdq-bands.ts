import type { PdqBits } from './pdq-bits.ts';

/** Bits up to which two hashes are of one picture, as the authors of PDQ advise. */
export const PDQ_MATCH_DISTANCE = 31;

const BAND_BITS = 16;

/**
 * A hash cut into 16 bands of 16 bits, each with its number before it. Of 31 differing bits at most one falls into some band, so hashes of one
 * picture share a band or miss one by a single bit (multi-index hashing; Norouzi, Punjani, Fleet, CVPR 2012).
 */
export function bandsOf(bits: PdqBits): readonly number[] {
  return Array.from(bits).flatMap((word, i) => [bandKey(2 * i, word >>> BAND_BITS), bandKey(2 * i + 1, word & 0xffff)]);
}

/** The 272 bands that a hash within `PDQ_MATCH_DISTANCE` has one of: each band, and each with one bit turned. */
export function bandsNear(bits: PdqBits): readonly number[] {
  return bandsOf(bits).flatMap((band) => [band, ...Array.from({ length: BAND_BITS }, (_, bit) => band ^ (1 << bit))]);
}

function bandKey(band: number, value: number): number {
  return (band << BAND_BITS) | value;
}
