import { type Harmonic, TILE } from '../mark/layout.ts';
import type { PowerSpectrum } from './power-spectrum.ts';
import { bestPeaks, GREATEST_SCALE, highestFrequency, STEP, valueAt, worthAt } from './search-grid.ts';

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
  const shortest = Math.log(1 / highestFrequency(leastScale));
  const rows = polarRows(pooled, shortest);
  const heights = rows.length / ROW;
  const scales = Math.ceil(Math.log(GREATEST_SCALE / leastScale) / STEP);
  const scores = new Float32Array(scales * WIDTH);
  const waves = new Uint16Array(scales);
  const squares = new Float64Array(scales);
  for (const { u, v, radius } of sync) {
    // The other two of an orbit are quarter turns of these and stand in the same cells.
    if (u < 0) continue;
    const first = Math.round((Math.log((TILE * leastScale) / radius) - shortest) / STEP);
    const turn = (Math.round(Math.atan2(v, u) / ANGLE_STEP) + Math.ceil(ANGLES / 2) + ANGLES - 1) % ANGLES;
    for (let scale = Math.max(0, -first); scale < scales && first + scale < heights; scale++) {
      waves[scale] = (waves[scale] ?? 0) + 1;
      squares[scale] = (squares[scale] ?? 0) + worthAt(radius / TILE / leastScale / Math.exp(scale * STEP)) ** 2;
      addShifted(scores, scale * WIDTH, rows, (first + scale) * ROW + turn);
    }
  }
  for (let scale = 0; scale < scales; scale++) {
    const factor = (waves[scale] ?? 0) < LEAST_WAVES ? 0 : 1 / Math.sqrt(squares[scale] ?? 1);
    multiply(scores, scale * WIDTH, factor);
  }
  return bestPeaks(scores, WIDTH, scales, count).map(({ x, y, score }) => ({
    scale: leastScale * Math.exp(y * STEP),
    angle: (x - 1 - Math.floor(ANGLES / 2)) * ANGLE_STEP,
    score,
  }));
}

function multiply(scores: Float32Array, from: number, factor: number): void {
  for (let i = from; i < from + WIDTH; i++) scores[i] = (scores[i] ?? 0) * factor;
}

function addShifted(scores: Float32Array, to: number, rows: Float32Array, from: number): void {
  for (let i = 0; i < WIDTH; i++) scores[to + i] = (scores[to + i] ?? 0) + (rows[from + i] ?? 0);
}

/**
 * The spectrum on rows of equal log-period, `shortest` first, each twice, so that a shift by an angle needs no wrapping; every row with mean 0, and
 * scaled to what its frequency is worth.
 */
function polarRows(pooled: PowerSpectrum, shortest: number): Float32Array {
  const longest = Math.log((TILE * GREATEST_SCALE) / 7);
  const heights = Math.ceil((longest - shortest) / STEP) + 1;
  const rows = new Float32Array(heights * ROW);
  const [cosines, sines] = [Math.cos, Math.sin].map((f) => Float64Array.from({ length: ANGLES }, (_, i) => f(i * ANGLE_STEP)));
  for (let y = 0; y < heights; y++) {
    const frequency = Math.exp(-(shortest + y * STEP));
    const at = y * ROW;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < ANGLES; i++) {
      const fx = frequency * (cosines?.[i] ?? 0);
      const fy = frequency * (sines?.[i] ?? 0);
      const value = valueAt(pooled, fx, fy) + valueAt(pooled, fy, -fx);
      rows[at + i] = value;
      sum += value;
      squares += value * value;
    }
    const mean = sum / ANGLES;
    const scale = worthAt(frequency) / Math.sqrt(Math.max(squares / ANGLES - mean * mean, 1e-9));
    for (let i = 0; i < ANGLES; i++) {
      const value = ((rows[at + i] ?? 0) - mean) * scale;
      rows[at + i] = value;
      rows[at + ANGLES + i] = value;
      if (i < ROW - 2 * ANGLES) rows[at + 2 * ANGLES + i] = value;
    }
  }
  return rows;
}
