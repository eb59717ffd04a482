import type { Raster } from '../raster.ts';
import type { ResidualRows } from './residual-rows.ts';

const PEAK_SQUARED = 255 * 255;

/** The picture with the residual added to its color channels alike, rounded, clipped; only where it is opaque. */
export function addResidual(raster: Raster, rows: ResidualRows): { readonly raster: Raster; readonly psnrDb: number } {
  const { data, width, height, channels } = raster;
  const marked = new Uint8ClampedArray(data);
  const row = new Float32Array(width);
  let squares = 0;
  for (let y = 0; y < height; y++) {
    rows(y, row);
    const from = y * width * channels;
    if (channels === 3) squares += addToRgb(data, marked, from, row);
    else squares += addToOpaque(data, marked, { from, channels }, row);
  }
  const values = width * height * (channels < 3 ? 1 : 3);
  const bytes = new Uint8Array(marked.buffer);
  return { raster: { data: bytes, width, height, channels }, psnrDb: 10 * Math.log10(PEAK_SQUARED / (squares / values)) };
}

/** Gives the sum of squared changes. */
function addToRgb(data: Uint8Array, marked: Uint8ClampedArray, from: number, row: Float32Array): number {
  let squares = 0;
  for (let x = 0, at = from; x < row.length; x++, at += 3) {
    const change = row[x] ?? 0;
    const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    marked[at] = r + change;
    marked[at + 1] = g + change;
    marked[at + 2] = b + change;
    const [dr, dg, db] = [(marked[at] ?? 0) - r, (marked[at + 1] ?? 0) - g, (marked[at + 2] ?? 0) - b];
    squares += dr * dr + dg * dg + db * db;
  }
  return squares;
}

function addToOpaque(
  data: Uint8Array,
  marked: Uint8ClampedArray,
  { from, channels }: { readonly from: number; readonly channels: number },
  row: Float32Array,
): number {
  const colors = channels < 3 ? 1 : 3;
  let squares = 0;
  for (let x = 0, at = from; x < row.length; x++, at += channels) {
    if (colors < channels && (data[at + colors] ?? 0) < 255) continue;
    for (let color = at; color < at + colors; color++) {
      const before = data[color] ?? 0;
      marked[color] = before + (row[x] ?? 0);
      squares += ((marked[color] ?? 0) - before) ** 2;
    }
  }
  return squares;
}
