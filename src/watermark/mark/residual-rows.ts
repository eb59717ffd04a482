import { residualRows } from '../kernels/marked-rows.ts';
import type { Plane } from '../raster.ts';
import type { Size } from '../signal/canonical-scale.ts';
import { TILE } from './layout.ts';

/** What is added to each pixel of a row, in grey levels. */
export type ResidualRows = (y: number, out: Float32Array) => void;

/** At canonical size: tile times amplitude, which is given at half of it. */
export function canonicalRows(tile: Float32Array, amplitude: Plane): ResidualRows {
  return residualRows(tile, TILE, amplitude) ?? plainRows(tile, amplitude);
}

/** The same where there are no kernels. */
export function plainRows(tile: Float32Array, amplitude: Plane): ResidualRows {
  // One place more on both sides, so that the borders are no special case.
  const half = new Float32Array(amplitude.width + 2);
  return (y, out) => {
    lerpRows(amplitude, y / 2 - 0.25, half);
    const from = (y % TILE) * TILE;
    multiplyRow(half, tile.subarray(from, from + TILE), out);
  };
}

/** The amplitude of a pixel lies a quarter of a place to the left or to the right of that of its place at half size. */
function multiplyRow(half: Float32Array, tile: Float32Array, out: Float32Array): void {
  const pairs = out.length >> 1;
  for (let i = 0; i < pairs; i++) {
    const x = 2 * i;
    const near = 0.75 * (half[i + 1] ?? 0);
    out[x] = (near + 0.25 * (half[i] ?? 0)) * (tile[x & (TILE - 1)] ?? 0);
    out[x + 1] = (near + 0.25 * (half[i + 2] ?? 0)) * (tile[(x + 1) & (TILE - 1)] ?? 0);
  }
  if (2 * pairs < out.length)
    out[2 * pairs] = (0.75 * (half[pairs + 1] ?? 0) + 0.25 * (half[pairs] ?? 0)) * (tile[(2 * pairs) & (TILE - 1)] ?? 0);
}

/** A row between two, from place 1 on, with its ends repeated at 0 and behind. */
function lerpRows({ values, width, height }: Plane, at: number, out: Float32Array): void {
  const upper = Math.max(0, Math.min(height - 1, Math.floor(at)));
  const lower = Math.min(height - 1, Math.max(0, Math.floor(at) + 1));
  const share = at - Math.floor(at);
  const above = values.subarray(upper * width, (upper + 1) * width);
  const below = values.subarray(lower * width, (lower + 1) * width);
  for (let x = 0; x < width; x++) out[x + 1] = (1 - share) * (above[x] ?? 0) + share * (below[x] ?? 0);
  out[0] = out[1] ?? 0;
  out[width + 1] = out[width] ?? 0;
}

/** The rows of a canonical copy, enlarged to `full` with Catmull–Rom's cubic; a few rows of the copy are kept at a time. */
export function enlargedRows(rows: ResidualRows, small: Size, full: Size): ResidualRows {
  const rowOf = keptRows(rows, small);
  const across = taps(small.width, full.width);
  const mixed = new Float32Array(small.width);
  return (y, out) => {
    const at = ((y + 0.5) * small.height) / full.height - 0.5;
    const first = Math.floor(at) - 1;
    mixed.fill(0);
    for (const [i, weight] of cubicWeights(at - Math.floor(at)).entries()) addRow(mixed, rowOf(first + i), weight);
    for (let x = 0, tap = 0; x < full.width; x++, tap += 4) out[x] = mixedAt(mixed, across, tap);
  };
}

/** Rows by number, those of the border beyond it; of rows below the last one asked for by more than five, nothing is kept. */
function keptRows(rows: ResidualRows, { width, height }: Size): (y: number) => Float32Array {
  const kept = new Map<number, Float32Array>();
  return (y) => {
    const inside = Math.max(0, Math.min(height - 1, y));
    const known = kept.get(inside);
    if (known !== undefined) return known;
    for (const old of kept.keys()) if (old < inside - 5) kept.delete(old);
    const made = new Float32Array(width);
    rows(inside, made);
    kept.set(inside, made);
    return made;
  };
}

function addRow(sum: Float32Array, row: Float32Array, weight: number): void {
  for (let x = 0; x < sum.length; x++) sum[x] = (sum[x] ?? 0) + weight * (row[x] ?? 0);
}

interface Taps {
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

function mixedAt(mixed: Float32Array, { places, weights }: Taps, tap: number): number {
  return (
    (weights[tap] ?? 0) * (mixed[places[tap] ?? 0] ?? 0) +
    (weights[tap + 1] ?? 0) * (mixed[places[tap + 1] ?? 0] ?? 0) +
    (weights[tap + 2] ?? 0) * (mixed[places[tap + 2] ?? 0] ?? 0) +
    (weights[tap + 3] ?? 0) * (mixed[places[tap + 3] ?? 0] ?? 0)
  );
}

function taps(small: number, full: number): Taps {
  const places = new Int32Array(4 * full);
  const weights = new Float32Array(4 * full);
  for (let x = 0; x < full; x++) {
    const at = ((x + 0.5) * small) / full - 0.5;
    weights.set(cubicWeights(at - Math.floor(at)), 4 * x);
    for (let tap = 0; tap < 4; tap++) places[4 * x + tap] = Math.max(0, Math.min(small - 1, Math.floor(at) - 1 + tap));
  }
  return { places, weights };
}

/** Catmull and Rom's spline, a = −½, at −1, 0, 1 and 2 from the place. */
function cubicWeights(t: number): readonly [number, number, number, number] {
  const t2 = t * t;
  const t3 = t2 * t;
  return [(-t + 2 * t2 - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2];
}
