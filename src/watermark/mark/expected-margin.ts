import type { Robustness } from '../embedding.ts';
import { SYNC_POWER } from './layout.ts';
import type { MarkEffect } from './texture-histogram.ts';

/** Energy of the payload that decoding needs, in variances of a flattened pixel: 96 bits, two dimensions each, at 1 dB. */
const NEEDED = 2 * 96 * 0.6 * 10 ** 0.1;
const LEAST_DB = -20;

/**
 * Expected signal above what decoding needs after hard recompression (JPEG 20, WebP 50, half size with JPEG 70), in dB, from −20: the mark in units of the local
 * contrast, over all places by how much of it survives there. An estimate: `docs/watermark.md` compares it with what the benchmark recovered.
 */
export function expectedMarginDb({ visible }: MarkEffect, pixels: number): number {
  return Math.max(LEAST_DB, 10 * Math.log10(((1 - SYNC_POWER) * pixels * visible * visible) / NEEDED));
}

const STRONG_DB = 6;
const FAIR_DB = 2;
/** A quarter of a smaller picture does not hold enough of the mark, whatever its texture. */
const STRONG_FROM_PIXELS = 200_000;

export function robustnessOf(marginDb: number, pixels: number): Robustness {
  if (marginDb >= STRONG_DB && pixels >= STRONG_FROM_PIXELS) return 'strong';
  return marginDb >= FAIR_DB ? 'fair' : 'weak';
}
