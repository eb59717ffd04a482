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
  return {
    raster: { data: new Uint8Array(marked.buffer), width, height, channels },
    psnrDb: 10 * Math.log10(PEAK_SQUARED / (squares / values)),
  };
}

/** Gives the sum of squared changes. The values are whole, so rounding the change rounds the sum. */
function addToRgb(data: Uint8Array, marked: Uint8ClampedArray, from: number, row: Float32Array): number {
  let squares = 0;
  for (let x = 0, at = from; x < row.length; x++, at += 3) {
    const change = Math.round(row[x] ?? 0);
    if (change === 0) continue;
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    marked[at] = red + change;
    marked[at + 1] = green + change;
    marked[at + 2] = blue + change;
    const reds = (marked[at] ?? 0) - red;
    const greens = (marked[at + 1] ?? 0) - green;
    const blues = (marked[at + 2] ?? 0) - blue;
    squares += reds * reds + greens * greens + blues * blues;
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
      marked[color] = before + Math.round(row[x] ?? 0);
      squares += ((marked[color] ?? 0) - before) ** 2;
    }
  }
  return squares;
}
