import type { MarkTransform } from '../detection.ts';
import type { Plane } from '../raster.ts';
import { CELL, type CellMeans } from './sketch.ts';

type Undone = Pick<MarkTransform, 'scaleX' | 'scaleY' | 'rotationDegrees' | 'mirrored'>;

/** A mark in a picture that was shrunk to a quarter is not found; what says otherwise is not believed. */
const LEAST_SCALE = 0.2;
const MOST_SCALE = 5;
/** Cells a side. A copy of one megapixel at the least scale that is found has fewer. */
const MAX_SIDE = 1_024;
const CELL_SHIFT = Math.log2(CELL);

/**
 * Mean luma of the cells that a picture had when it was marked: turned, mirrored and scaled back as the mark shows it. Where the first cell lies in the
 * picture that was marked is not known.
 */
export function sampleCells(luma: Plane, undone: Undone): CellMeans {
  const map = mapOf(undone);
  const box = boundsOf(luma, map);
  const width = Math.min(MAX_SIDE, Math.max(1, Math.ceil((box.right - box.left) / CELL)));
  const height = Math.min(MAX_SIDE, Math.max(1, Math.ceil((box.bottom - box.top) / CELL)));
  const means = new Float32Array(width * height);
  const known = new Uint8Array(width * height);
  const samples = { across: samplesFor(undone.scaleX), down: samplesFor(undone.scaleY) };
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const mean = meanAt(luma, map, { left: box.left + CELL * column, top: box.top + CELL * row }, samples);
      if (mean === undefined) continue;
      means[at] = mean;
      known[at] = 1;
    }
  }
  return { width, height, means, known };
}

/** The same of a picture as it stands; ten times as fast. A cell at the edge is of what there is of it. */
export function blockCells({ values, width: across, height: down }: Plane): CellMeans {
  const [width, height] = [Math.ceil(across / CELL), Math.ceil(down / CELL)];
  const means = new Float32Array(width * height);
  const known = new Uint8Array(width * height).fill(1);
  for (let y = 0, from = 0; y < down; y++) {
    const row = Math.floor(y / CELL) * width;
    for (let x = 0; x < across; x++, from++) {
      const at = row + (x >> CELL_SHIFT);
      means[at] = (means[at] ?? 0) + (values[from] ?? 0);
    }
  }
  for (let row = 0, at = 0; row < height; row++) {
    const rows = Math.min(CELL, down - CELL * row);
    for (let column = 0; column < width; column++, at++) means[at] = (means[at] ?? 0) / (rows * Math.min(CELL, across - CELL * column));
  }
  return { width, height, means, known };
}

/** From pixels at the time of marking to pixels of the picture, without the shift. */
interface Map {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

function mapOf({ scaleX, scaleY, rotationDegrees, mirrored }: Undone): Map {
  const angle = (rotationDegrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [across, down] = [bounded(scaleX) * (mirrored ? -1 : 1), bounded(scaleY)];
  return { xx: across * c, xy: -down * s, yx: across * s, yy: down * c };
}

function bounded(scale: number): number {
  return Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale));
}

/** As many as a cell has pixels. */
function samplesFor(scale: number): number {
  return Math.min(CELL, Math.max(2, Math.ceil(CELL * scale)));
}

/** Of the picture, in pixels at the time of marking. */
function boundsOf({ width, height }: Plane, { xx, xy, yx, yy }: Map) {
  const determinant = xx * yy - xy * yx;
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x = 0, y = 0]) => [(yy * x - xy * y) / determinant, (xx * y - yx * x) / determinant] as const);
  const across = corners.map(([x]) => x);
  const down = corners.map(([, y]) => y);
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

/** Undefined where more than a quarter of the cell lies outside. */
function meanAt(
  { values, width, height }: Plane,
  { xx, xy, yx, yy }: Map,
  { left, top }: { readonly left: number; readonly top: number },
  { across, down }: { readonly across: number; readonly down: number },
): number | undefined {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < down; j++) {
    const y = top + (CELL * (j + 0.5)) / down;
    for (let i = 0; i < across; i++) {
      const x = left + (CELL * (i + 0.5)) / across;
      const column = Math.floor(xx * x + xy * y);
      const row = Math.floor(yx * x + yy * y);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      sum += values[row * width + column] ?? 0;
      count++;
    }
  }
  return count * 4 < across * down * 3 ? undefined : sum / count;
}
