import { eachLumaRow } from '../kernels/marked-rows.ts';
import { emptyPlane, type Plane, type Raster } from '../raster.ts';
import { backdropOf, LUMA_WEIGHTS, writeLumaRow } from './luma-rows.ts';

/** Pictures above the first number of pixels are marked and read through a copy that has the second. */
const LARGEST_NATIVE = 1_200_000;
const CANONICAL_PIXELS = 1_048_576;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size at which a picture is marked and read: its own, or about one megapixel when it is larger. So a mark survives when a large
 * picture is shrunk, and detection costs the same whatever the size.
 */
export function canonicalSize({ width, height }: Size): Size {
  const pixels = width * height;
  if (pixels <= LARGEST_NATIVE) return { width, height };
  const scale = Math.sqrt(CANONICAL_PIXELS / pixels);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Luma at the canonical size; shrunk by area, row by row, so that memory stays at that of the small copy. */
export function canonicalLuma(raster: Raster): Plane {
  const { width, height } = canonicalSize(raster);
  const plane = emptyPlane(width, height);
  if (width === raster.width && height === raster.height) {
    eachRow(raster, (luma, y) => plane.values.set(luma, y * width));
    return plane;
  }
  const row = new Float32Array(width);
  const step = raster.height / height;
  eachRow(raster, (luma, from) => {
    shrinkRow(luma, row);
    // A row of the picture lies across at most two rows of the copy, because the copy is never larger.
    const first = Math.min(height - 1, Math.floor(from / step));
    const inFirst = Math.min(1, (first + 1) * step - from);
    addScaled(plane, first, row, inFirst / step);
    if (inFirst < 1 && first + 1 < height) addScaled(plane, first + 1, row, (1 - inFirst) / step);
  });
  return plane;
}

function eachRow(raster: Raster, visit: (luma: Float32Array, y: number) => void): void {
  if (raster.channels === 3 && eachLumaRow(raster, LUMA_WEIGHTS, visit)) return;
  const backdrop = backdropOf(raster);
  const row = new Float32Array(raster.width);
  for (let y = 0; y < raster.height; y++) {
    writeLumaRow(raster, y, backdrop, row, 0);
    visit(row, y);
  }
}

/** Means over the parts of a row; what lies before an edge is counted once, and its difference to that before the next edge is the part. */
function shrinkRow(full: Float32Array, row: Float32Array): void {
  const step = full.length / row.length;
  let [sum, at, before] = [0, 0, 0];
  for (let x = 0; x < row.length; x++) {
    const end = Math.min(full.length, (x + 1) * step);
    while (at + 1 <= end) sum += full[at++] ?? 0;
    const upTo = sum + (end - at) * (full[at] ?? 0);
    row[x] = (upTo - before) / step;
    before = upTo;
  }
}

function addScaled({ values, width }: Plane, y: number, row: Float32Array, weight: number): void {
  for (let x = 0, at = y * width; x < width; x++, at++) values[at] = (values[at] ?? 0) + weight * (row[x] ?? 0);
}
