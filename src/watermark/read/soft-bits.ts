import { CODE_BITS } from '../code/polar-code.ts';
import { GREATEST_RADIUS, type Harmonic, type Layout, LEAST_RADIUS, SYNC_POWER, TILE } from '../mark/layout.ts';
import type { Waves } from './fold.ts';
import { placeOf, type Synchronization } from './synchronize.ts';

const RINGS = 6;
/** A ring's gain is drawn to the mean of all as if that had been seen on so many waves. */
const PRIOR_WAVES = 2;
/** One number never says more than this, or a few strong waves of the picture itself would outvote the rest. */
const CLIP = 2.5;

/** Log-likelihood ratios of the 1,024 code bits, positive for 0, with what the sync waves say about each ring of waves. */
export function softBits(waves: Waves, power: Float32Array, layout: Layout, synchronization: Synchronization): Float32Array {
  const { orientation } = synchronization;
  const gains = ringGains(
    layout.sync.map((wave) => ({
      ring: ringOf(wave),
      value: turn(waves, wave, synchronization)[0] / Math.sqrt(SYNC_POWER / layout.sync.length),
      weight: 1 / Math.max(power[placeOf(wave, orientation)] ?? 0, Number.MIN_VALUE),
    })),
  );
  const amplitude = Math.sqrt((1 - SYNC_POWER) / layout.payload.length / 2);
  const llr = new Float32Array(CODE_BITS);
  const say = (place: number, likelihood: number) => {
    const bit = layout.bitOf[place] ?? 0;
    const said = Math.min(CLIP, Math.max(-CLIP, likelihood));
    llr[bit] = (llr[bit] ?? 0) + (layout.scramble[bit] === 1 ? -said : said);
  };
  for (const [i, wave] of layout.payload.entries()) {
    // Half of the power of a wave is in each of its two numbers.
    const meanSquare = (power[placeOf(wave, orientation)] ?? 0) / 2;
    const expected = (gains[ringOf(wave)] ?? 0) * amplitude;
    const slope = (2 * expected) / Math.max(meanSquare - expected * expected, meanSquare / 10, Number.MIN_VALUE);
    const [inPhase, quadrature] = turn(waves, wave, synchronization);
    say(2 * i, slope * inPhase);
    say(2 * i + 1, slope * quadrature);
  }
  return llr;
}

function ringOf({ radius }: Harmonic): number {
  const share = (radius - LEAST_RADIUS) / (GREATEST_RADIUS - LEAST_RADIUS);
  return Math.min(RINGS - 1, Math.floor(share * RINGS));
}

/** A wave with orientation, shift, sign and keyed phase undone: [in phase, quadrature]. */
function turn(waves: Waves, wave: Harmonic, { orientation, inverted, dx, dy }: Synchronization): readonly [number, number] {
  const at = placeOf(wave, orientation);
  const angle = (2 * Math.PI * (wave.u * dx + wave.v * dy)) / TILE;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  // The keyed phase and the shift, as one turn back.
  const backRe = wave.cos * c - wave.sin * s;
  const backIm = wave.cos * s + wave.sin * c;
  const [a, b] = [waves.re[at] ?? 0, waves.im[at] ?? 0];
  const sign = inverted ? -1 : 1;
  return [sign * (a * backRe + b * backIm), sign * (b * backRe - a * backIm)];
}

/**
 * What is left of the mark in each ring. Shrinking and blurring take the outer rings first, so no ring may have more than the one inside it; a dead
 * ring gets 0, or it would cost more than it brings.
 */
function ringGains(seen: readonly { readonly ring: number; readonly value: number; readonly weight: number }[]): Float64Array {
  const meanWeight = seen.reduce((sum, { weight }) => sum + weight, 0) / seen.length;
  const mean = seen.reduce((sum, { value, weight }) => sum + weight * value, 0) / (meanWeight * seen.length);
  const pools: { sum: number; weight: number; rings: number }[] = [];
  for (let ring = 0; ring < RINGS; ring++) {
    const own = seen.filter((one) => one.ring === ring);
    const prior = PRIOR_WAVES * meanWeight;
    const sum = own.reduce((total, { value, weight }) => total + weight * value, 0) + prior * mean;
    pools.push({ sum, weight: own.reduce((total, { weight }) => total + weight, 0) + prior, rings: 1 });
    mergeRising(pools);
  }
  return Float64Array.from(pools.flatMap(({ sum, weight, rings }) => Array.from({ length: rings }, () => Math.max(0, sum / weight))));
}

/** Pool-adjacent-violators: isotonic regression, falling. */
function mergeRising(pools: { sum: number; weight: number; rings: number }[]): void {
  for (;;) {
    const [inner, outer] = pools.slice(-2);
    if (inner === undefined || outer === undefined || outer.sum / outer.weight <= inner.sum / inner.weight) return;
    pools.splice(-2, 2, { sum: inner.sum + outer.sum, weight: inner.weight + outer.weight, rings: inner.rings + outer.rings });
  }
}
