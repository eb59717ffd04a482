import { KEPT, lowFrequencies } from './frequencies.ts';
import { BLOCK_SIDE, downsample } from './jarosz-filter.ts';
import type { LumaPlane } from './luma.ts';
import { PDQ_WORDS, type PdqBits } from './pdq-bits.ts';

/** PDQ of one picture: `orientations` holds eight hashes, that of the picture as it stands first. */
export interface PdqHash {
  readonly orientations: readonly PdqBits[];
  /** How much structure there is to hash, 0–100; matches below 50 mean little. */
  readonly quality: number;
}

/**
 * PDQ perceptual hash, our own implementation of the published algorithm (Facebook, "The TMK+PDQF Video-Hashing
 * Algorithm and the PDQ Image-Hashing Algorithm", 2019; ThreatExchange, BSD-3). Takes the luminance (`lumaOf`) of at most
 * 512 pixels a side as in the reference, which shrinks larger pictures to 512 × 512 first. All arithmetic is float32.
 */
export function pdqHash(luma: LumaPlane): PdqHash {
  const block = downsample(luma);
  const low = lowFrequencies(block);
  return { orientations: ORIENTATIONS.map((orientation) => bitsOf(turned(low, orientation))), quality: qualityOf(block) };
}

interface Orientation {
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
  readonly transpose: boolean;
}

const ORIENTATIONS: readonly Orientation[] = [false, true].flatMap((transpose) =>
  [false, true].flatMap((mirrorY) => [false, true].map((mirrorX) => ({ mirrorX, mirrorY, transpose }))),
);

/**
 * The spectrum of the turned picture. A mirror flips the sign of every odd frequency of its direction (indices 0, 2, …
 * hold the frequencies 1, 3, …); turning by a quarter is a transposition and a mirror.
 */
function turned(low: Float32Array, { mirrorX, mirrorY, transpose }: Orientation): Float32Array {
  const result = new Float32Array(low.length);
  for (let row = 0; row < KEPT; row++) {
    for (let column = 0; column < KEPT; column++) {
      const flips = Number(mirrorX && column % 2 === 0) + Number(mirrorY && row % 2 === 0);
      const value = low[transpose ? column * KEPT + row : row * KEPT + column] ?? 0;
      result[row * KEPT + column] = flips === 1 ? -value : value;
    }
  }
  return result;
}

/** Bit `row · 16 + column` says whether that frequency is above the median; bit 0 prints last. */
function bitsOf(low: Float32Array): PdqBits {
  const median = lowerMedian(low);
  const bits = new Uint32Array(PDQ_WORDS);
  low.forEach((value, bit) => {
    const word = PDQ_WORDS - 1 - (bit >>> 5);
    if (value > median) bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
  });
  return bits;
}

/** The 128th smallest of 256, which is what Torben's method yields for an even count. */
function lowerMedian(values: Float32Array): number {
  return values.slice().sort()[values.length / 2 - 1] ?? 0;
}

function qualityOf(block: Float32Array): number {
  let gradients = 0;
  for (let row = 0; row < BLOCK_SIDE; row++) {
    for (let column = 0; column < BLOCK_SIDE; column++) {
      const at = row * BLOCK_SIDE + column;
      if (row + 1 < BLOCK_SIDE) gradients += step(block[at] ?? 0, block[at + BLOCK_SIDE] ?? 0);
      if (column + 1 < BLOCK_SIDE) gradients += step(block[at] ?? 0, block[at + 1] ?? 0);
    }
  }
  return Math.min(100, Math.trunc(gradients / 90));
}

function step(a: number, b: number): number {
  return Math.abs(Math.trunc(Math.fround(Math.fround(Math.fround(a - b) * 100) / 255)));
}
