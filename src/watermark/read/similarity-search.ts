import type { SpectrumTools } from '../kernels/spectrum-tools.ts';
import { type Harmonic, TILE } from '../mark/layout.ts';
import { lastOfKey } from './last-of-key.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { bestPeaks, GREATEST_SCALE, highestFrequency, STEP, worthAt } from './search-grid.ts';
import { withSpectrumTools } from './spectrum-tools.ts';

/** A scale and an angle under which the sync waves would stand where the spectrum is strong. */
export interface Similarity {
  readonly scale: number;
  /** Radians, −π/4 to π/4: quarter turns look the same in the spectrum. */
  readonly angle: number;
  readonly score: number;
}

const ANGLES = Math.round(Math.PI / 2 / STEP);
const ANGLE_STEP = Math.PI / 2 / ANGLES;
/** A score grid has one more angle at each end, the same as the first at the other, so that a peak at 45 degrees has neighbors. */
const WIDTH = ANGLES + 2;
const ROW = 2 * ANGLES + 2;
/** Fewer waves than this inside of the spectrum are no evidence. */
const LEAST_WAVES = 14;

/**
 * Scores all scales and angles by the summed power at the sync waves. On a grid of log-period and angle, turning and scaling are shifts, so
 * each wave adds a shifted copy of the grid; a wave and its quarter turn stand in one cell.
 */
export function searchSimilarities(pooled: PowerSpectrum, sync: readonly Harmonic[], leastScale: number, count: number): Similarity[] {
  return withSpectrumTools(pooled, (tools) => {
    const shortest = Math.log(1 / highestFrequency(leastScale));
    const heights = Math.ceil((Math.log((TILE * GREATEST_SCALE) / 7) - shortest) / STEP) + 1;
    const shifts = shiftsFor(sync, leastScale, () => shiftsOf(sync, leastScale, shortest, heights));
    const starts = shifts.map((shift) => shift.starts);
    const scores = tools.shiftSums(polarRows(tools, shortest, heights), WIDTH, starts);
    for (const [scale, { squares }] of shifts.entries()) {
      multiply(scores, scale * WIDTH, (starts[scale]?.length ?? 0) < LEAST_WAVES ? 0 : 1 / Math.sqrt(squares));
    }
    return bestPeaks(scores, WIDTH, shifts.length, count).map(({ x, y, score }) => ({
      scale: leastScale * Math.exp(y * STEP),
      angle: (x - 1 - Math.floor(ANGLES / 2)) * ANGLE_STEP,
      score,
    }));
  });
}

const shiftsFor = lastOfKey<ReturnType<typeof shiftsOf>>();

/** For each scale where the runs of the grid start that are added, and the sum of squares of what their waves are worth. */
function shiftsOf(sync: readonly Harmonic[], leastScale: number, shortest: number, heights: number) {
  const scales = Math.ceil(Math.log(GREATEST_SCALE / leastScale) / STEP);
  const shifts = Array.from({ length: scales }, (): { starts: number[]; squares: number } => ({ starts: [], squares: 0 }));
  for (const { u, v, radius } of sync) {
    // The other two of an orbit are quarter turns of these and stand in the same cells.
    if (u < 0) continue;
    const first = Math.round((Math.log((TILE * leastScale) / radius) - shortest) / STEP);
    const turn = (Math.round(Math.atan2(v, u) / ANGLE_STEP) + Math.ceil(ANGLES / 2) + ANGLES - 1) % ANGLES;
    for (const [scale, shift] of shifts.entries()) {
      if (first + scale < 0 || first + scale >= heights) continue;
      shift.starts.push((first + scale) * ROW + turn);
      shift.squares += worthAt(radius / TILE / leastScale / Math.exp(scale * STEP)) ** 2;
    }
  }
  return shifts;
}

function multiply(scores: Float32Array, from: number, factor: number): void {
  for (let i = from; i < from + WIDTH; i++) scores[i] = (scores[i] ?? 0) * factor;
}

/**
 * The spectrum on rows of equal log-period, `shortest` first, each twice, so that a shift by an angle needs no wrapping; every row with mean 0, and
 * scaled to what its frequency is worth.
 */
function polarRows(tools: SpectrumTools, shortest: number, heights: number): Float32Array {
  const rows = tools.numbers(heights * ROW);
  const circle = tools.places(Array.from({ length: ANGLES }, (_, i) => [Math.cos(i * ANGLE_STEP), Math.sin(i * ANGLE_STEP)]));
  for (let y = 0; y < heights; y++) {
    const frequency = Math.exp(-(shortest + y * STEP));
    const row = rows.subarray(y * ROW, (y + 1) * ROW);
    circle.addTo(row, { xx: frequency, xy: 0, yx: 0, yy: frequency });
    circle.addTo(row, { xx: 0, xy: frequency, yx: -frequency, yy: 0 });
    balance(row, worthAt(frequency));
  }
  return rows;
}

/** Takes the mean from the first half of a row, scales it to a mean square of `worth` squared, and repeats it. */
function balance(row: Float32Array, worth: number): void {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < ANGLES; i++) {
    const value = row[i] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / ANGLES;
  const scale = worth / Math.sqrt(Math.max(squares / ANGLES - mean * mean, 1e-9));
  for (let i = 0; i < ANGLES; i++) row[i] = ((row[i] ?? 0) - mean) * scale;
  row.copyWithin(ANGLES, 0, ANGLES);
  row.copyWithin(2 * ANGLES, 0, ROW - 2 * ANGLES);
}
