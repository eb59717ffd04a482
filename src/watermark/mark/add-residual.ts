import { addRowsToColors } from '../kernels/marked-rows.ts';
import type { Raster } from '../raster.ts';
import type { ResidualRows } from './residual-rows.ts';

const PEAK_SQUARED = 255 * 255;
/** No change is greater: amplitudes end at 72 grey levels RMS in theory, and a table of this size is nothing. */
const REACH = 512;
/** `CLIPPED[REACH + value]` is the value from 0 to 255. */
const CLIPPED = new Uint8Array(Uint8ClampedArray.from({ length: 2 * REACH + 256 }, (_, i) => i - REACH).buffer);

/** The picture with the residual added to its color channels alike, rounded, clipped; only where it is opaque. */
export function addResidual(raster: Raster, rows: ResidualRows): { readonly raster: Raster; readonly psnrDb: number } {
  const { width, height, channels } = raster;
  const data = new Uint8Array(raster.data);
  const squares = (channels === 3 ? addRowsToColors({ ...raster, data }, rows) : undefined) ?? addRowsPlainly({ ...raster, data }, rows);
  const values = width * height * (channels < 3 ? 1 : 3);
  return { raster: { data, width, height, channels }, psnrDb: 10 * Math.log10(PEAK_SQUARED / (squares / values)) };
}

/** Where `data` lies; gives the sum of squared changes. */
export function addRowsPlainly({ data, width, height, channels }: Raster, rows: ResidualRows): number {
  const row = new Float32Array(width);
  const changes = new Int32Array(width);
  const add = channels < 3 ? addToGrey : addToColor;
  let squares = 0;
  for (let y = 0; y < height; y++) {
    rows(y, row);
    roundRow(row, changes);
    const line = data.subarray(y * width * channels, (y + 1) * width * channels);
    if (channels === 2 || channels === 4) keepSeeThrough(line, changes, channels);
    squares += add(line, changes, channels);
  }
  return squares;
}

/** The values of pixels are whole, so rounding the change rounds the sum. Shifted to be positive, where cutting off is rounding. */
function roundRow(row: Float32Array, changes: Int32Array): void {
  for (let x = 0; x < row.length; x++) {
    changes[x] = Math.max(0, Math.min(2 * REACH, ((row[x] ?? 0) + REACH + 0.5) | 0));
  }
}

function keepSeeThrough(line: Uint8Array, changes: Int32Array, channels: number): void {
  for (let x = 0, alpha = channels - 1; x < changes.length; x++, alpha += channels) if (line[alpha] !== 255) changes[x] = REACH;
}

/** Both give the sum of squared changes; changes are `REACH` too large. */
function addToColor(line: Uint8Array, changes: Int32Array, channels: number): number {
  let squares = 0;
  for (let x = 0, at = 0; x < changes.length; x++, at += channels) {
    const change = changes[x] ?? 0;
    const [red, green, blue] = [line[at] ?? 0, line[at + 1] ?? 0, line[at + 2] ?? 0];
    const newRed = CLIPPED[red + change] ?? 0;
    const newGreen = CLIPPED[green + change] ?? 0;
    const newBlue = CLIPPED[blue + change] ?? 0;
    line[at] = newRed;
    line[at + 1] = newGreen;
    line[at + 2] = newBlue;
    squares += (newRed - red) * (newRed - red) + (newGreen - green) * (newGreen - green) + (newBlue - blue) * (newBlue - blue);
  }
  return squares;
}

function addToGrey(line: Uint8Array, changes: Int32Array, channels: number): number {
  let squares = 0;
  for (let x = 0, at = 0; x < changes.length; x++, at += channels) {
    const before = line[at] ?? 0;
    const after = CLIPPED[before + (changes[x] ?? 0)] ?? 0;
    line[at] = after;
    squares += (after - before) * (after - before);
  }
  return squares;
}
