import { type Harmonic, TILE } from '../mark/layout.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { bestPeaks, GREATEST_SCALE, highestFrequency, STEP, valueAt } from './search-grid.ts';

/** Scales across and down under which the sync waves of a picture that was not turned would stand where the spectrum is strong. */
export interface Stretch {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly score: number;
}

const ASPECT_STEP = 1.3 * STEP;
/** One side stretched to 1.35 times the other at most. */
const BAND = Math.ceil(Math.log(1.35) / ASPECT_STEP);
const LEAST_WAVES = 10;

/** The same idea as `searchSimilarities`, on a grid of the log-periods across and down. */
export function searchStretches(pooled: PowerSpectrum, sync: readonly Harmonic[], leastScale: number, count: number): Stretch[] {
  const shortest = Math.log(1 / highestFrequency(leastScale));
  const longest = Math.log(TILE * GREATEST_SCALE);
  const side = Math.ceil((longest - shortest) / ASPECT_STEP) + 1;
  const grid = axesGrid(pooled, shortest, side);
  const scales = Math.ceil(Math.log(GREATEST_SCALE / leastScale) / ASPECT_STEP);
  const width = 2 * BAND + 1;
  const scores = new Float32Array(scales * width);
  const waves = new Uint16Array(scales * width);
  const placeOf = (cycles: number) => Math.round((Math.log((TILE * leastScale) / cycles) - shortest) / ASPECT_STEP);
  for (const { u, v } of sync) {
    if (u < 0) continue;
    const [firstX, firstY] = [placeOf(u), placeOf(v)];
    for (let down = Math.max(0, -firstY); down < scales && firstY + down < side; down++) {
      const row = grid.subarray((firstY + down) * side, (firstY + down + 1) * side);
      addBand(scores, waves, down * width, row, firstX + down - BAND);
    }
  }
  for (let at = 0; at < scores.length; at++) {
    const seen = waves[at] ?? 0;
    scores[at] = seen < LEAST_WAVES ? 0 : (scores[at] ?? 0) / Math.sqrt(seen);
  }
  return bestPeaks(scores, width, scales, count).map(({ x, y, score }) => ({
    scaleX: leastScale * Math.exp((y + x - BAND) * ASPECT_STEP),
    scaleY: leastScale * Math.exp(y * ASPECT_STEP),
    score,
  }));
}

/** Adds the part of a row that lies in the band; `first` may be outside of it. */
function addBand(scores: Float32Array, waves: Uint16Array, to: number, row: Float32Array, first: number): void {
  for (let i = Math.max(0, -first); i < 2 * BAND + 1 && first + i < row.length; i++) {
    scores[to + i] = (scores[to + i] ?? 0) + (row[first + i] ?? 0);
    waves[to + i] = (waves[to + i] ?? 0) + 1;
  }
}

/** Power at both signs of the frequency across, for all log-periods; rows go down. Mean 0 and mean square 1 over all. */
function axesGrid(pooled: PowerSpectrum, shortest: number, side: number): Float32Array {
  const frequencies = Float64Array.from({ length: side }, (_, i) => Math.exp(-(shortest + i * ASPECT_STEP)));
  const grid = new Float32Array(side * side);
  let sum = 0;
  let squares = 0;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const [fx, fy] = [frequencies[x] ?? 0, frequencies[y] ?? 0];
      const value = valueAt(pooled, fx, fy) + valueAt(pooled, -fx, fy);
      grid[at] = value;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / grid.length;
  const scale = 1 / Math.sqrt(Math.max(squares / grid.length - mean * mean, 1e-9));
  for (let at = 0; at < grid.length; at++) grid[at] = ((grid[at] ?? 0) - mean) * scale;
  return grid;
}
