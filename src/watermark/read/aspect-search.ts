import type { SpectrumTools } from '../kernels/spectrum-tools.ts';
import { type Harmonic, TILE } from '../mark/layout.ts';
import { lastOfKey } from './last-of-key.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { bestPeaks, GREATEST_SCALE, highestFrequency, STEP } from './search-grid.ts';
import { withSpectrumTools } from './spectrum-tools.ts';

/** Scales across and down under which the sync waves of a picture that was not turned would stand where the spectrum is strong. */
export interface Stretch {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly score: number;
}

const ASPECT_STEP = 1.3 * STEP;
/** One side stretched to 1.35 times the other at most. */
const BAND = Math.ceil(Math.log(1.35) / ASPECT_STEP);
const WIDTH = 2 * BAND + 1;
const LEAST_WAVES = 10;

/** The same idea as `searchSimilarities`, on a grid of the log-periods across and down. */
export function searchStretches(pooled: PowerSpectrum, sync: readonly Harmonic[], leastScale: number, count: number): Stretch[] {
  return withSpectrumTools(pooled, (tools) => {
    const shortest = Math.log(1 / highestFrequency(leastScale));
    const side = Math.ceil((Math.log(TILE * GREATEST_SCALE) - shortest) / ASPECT_STEP) + 1;
    const { starts, waves } = shiftsFor(sync, leastScale, () => shiftsOf(sync, leastScale, shortest, side));
    const scores = tools.shiftSums(axesGrid(tools, shortest, side), WIDTH, starts);
    for (let at = 0; at < scores.length; at++) {
      const seen = waves[at] ?? 0;
      scores[at] = seen < LEAST_WAVES ? 0 : (scores[at] ?? 0) / Math.sqrt(seen);
    }
    return bestPeaks(scores, WIDTH, starts.length, count).map(({ x, y, score }) => ({
      scaleX: leastScale * Math.exp((y + x - BAND) * ASPECT_STEP),
      scaleY: leastScale * Math.exp(y * ASPECT_STEP),
      score,
    }));
  });
}

const shiftsFor = lastOfKey<ReturnType<typeof shiftsOf>>();

/** For each scale down where the runs of the grid start that are added, and how many waves each place of the band sees. */
function shiftsOf(sync: readonly Harmonic[], leastScale: number, shortest: number, side: number) {
  const scales = Math.ceil(Math.log(GREATEST_SCALE / leastScale) / ASPECT_STEP);
  const starts = Array.from({ length: scales }, (): number[] => []);
  const waves = new Uint16Array(scales * WIDTH);
  const placeOf = (cycles: number) => Math.round((Math.log((TILE * leastScale) / cycles) - shortest) / ASPECT_STEP);
  for (const { u, v } of sync) {
    if (u < 0) continue;
    const [firstX, firstY] = [placeOf(u) - BAND, placeOf(v)];
    for (const [scale, row] of starts.entries()) {
      const [left, down] = [firstX + scale, firstY + scale];
      if (down < 0 || down >= side || left <= -WIDTH || left >= side) continue;
      row.push(down * (side + 2 * WIDTH) + WIDTH + left);
      countWave(waves, scale, Math.max(0, -left), Math.min(WIDTH, side - left));
    }
  }
  return { starts, waves };
}

/** One wave more at the places of a row of the band that lie in the grid. */
function countWave(waves: Uint16Array, row: number, from: number, to: number): void {
  for (let at = row * WIDTH + from; at < row * WIDTH + to; at++) waves[at] = (waves[at] ?? 0) + 1;
}

/**
 * Power at both signs of the frequency across, for all log-periods; rows go down. Mean 0 and mean square 1 over all, and `WIDTH` zeros on both sides of a row,
 * so that the band may reach out of it.
 */
function axesGrid(tools: SpectrumTools, shortest: number, side: number): Float32Array {
  const frequencies = Array.from({ length: side }, (_, i) => Math.exp(-(shortest + i * ASPECT_STEP)));
  const places = tools.places(frequencies.map((frequency) => [frequency, 1]));
  const grid = tools.numbers(side * (side + 2 * WIDTH));
  const rows = frequencies.map((frequency, y) => {
    const row = grid.subarray(y * (side + 2 * WIDTH) + WIDTH, (y + 1) * (side + 2 * WIDTH) - WIDTH);
    places.addTo(row, { xx: 1, xy: 0, yx: 0, yy: frequency });
    places.addTo(row, { xx: -1, xy: 0, yx: 0, yy: frequency });
    return row;
  });
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    for (let x = 0; x < side; x++) {
      const value = row[x] ?? 0;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / side ** 2;
  const scale = 1 / Math.sqrt(Math.max(squares / side ** 2 - mean * mean, 1e-9));
  for (const row of rows) for (let x = 0; x < side; x++) row[x] = ((row[x] ?? 0) - mean) * scale;
  return grid;
}
