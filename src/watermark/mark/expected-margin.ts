import type { Robustness } from '../embedding.ts';
import { SYNC_POWER } from './layout.ts';
import type { MarkEffect } from './texture-histogram.ts';

/** Energy of the payload that decoding needs, in variances of a flattened pixel: 96 bits, two dimensions each, at 1 dB. */
const NEEDED = 2 * 96 * 0.6 * 10 ** 0.1;
const LEAST_DB = -20;

/**
 * Expected signal above what decoding needs after recompression at middling quality, in dB, from −20: the mark in units of the local contrast, over all
 * places with texture. An estimate; `docs/watermark.md` compares it with what the benchmark recovered.
 */
export function expectedMarginDb({ visible }: MarkEffect, pixels: number): number {
  return Math.max(LEAST_DB, 10 * Math.log10(((1 - SYNC_POWER) * pixels * visible * visible) / NEEDED));
}

const STRONG_DB = 13;
const FAIR_DB = 6;

export function robustnessOf(marginDb: number): Robustness {
  if (marginDb >= STRONG_DB) return 'strong';
  return marginDb >= FAIR_DB ? 'fair' : 'weak';
}
