import type { Robustness } from '../embedding.ts';
import { SYNC_POWER } from './layout.ts';
import { amplitudeAt, type Strength } from './perceptual-mask.ts';

/** Standard deviation of a texture for each level of `textureAmplitude`; flatter places lose the mark when they are compressed. */
const DEVIATION = 2.5;
const COUNTS_FROM = 0.6;
/** Variance that recompression at middling quality adds, grey levels squared. */
const COMPRESSION = 16;
/** Energy of the payload that decoding needs, in variances of a flattened pixel: 96 bits, two dimensions each, at 1 dB. */
const NEEDED = 2 * 96 * 0.6 * 10 ** 0.1;
const LEAST_DB = -20;

/**
 * Expected signal above what decoding needs after recompression at middling quality, in dB, from −20: the mark in units of the local contrast, over all
 * places with texture. An estimate; `docs/watermark.md` compares it with what the benchmark recovered.
 */
export function expectedMarginDb(texture: Float32Array, strength: Strength, pixels: number): number {
  let sum = 0;
  for (const value of texture) {
    if (value < COUNTS_FROM) continue;
    sum += amplitudeAt(value, strength) / Math.sqrt((DEVIATION * value) ** 2 + COMPRESSION);
  }
  const mean = sum / Math.max(1, texture.length);
  return Math.max(LEAST_DB, 10 * Math.log10(((1 - SYNC_POWER) * pixels * mean * mean) / NEEDED));
}

const STRONG_DB = 15;
const FAIR_DB = 8;

export function robustnessOf(marginDb: number): Robustness {
  if (marginDb >= STRONG_DB) return 'strong';
  return marginDb >= FAIR_DB ? 'fair' : 'weak';
}
