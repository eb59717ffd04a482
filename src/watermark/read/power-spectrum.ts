import { homeOf } from '../kernels/kernel-memory.ts';
import { searchBytes } from '../kernels/search-plane.ts';
import { whitenedSpectrum } from '../kernels/whitened-spectrum.ts';
import type { Plane } from '../raster.ts';
import { boxMean } from '../signal/box-mean.ts';
import type { Size } from '../signal/canonical-scale.ts';
import { Fft, fftLengthFrom } from '../signal/fft.ts';
import { type Columns, writeRealPair } from '../signal/real-rows.ts';

/** Power of a picture at frequency (column / `across`, row / `down`) cycles a pixel, in multiples of what is usual around it. */
export interface PowerSpectrum {
  /** `columns` × `down` values, column by column: row r of column c is at c × down + r; rows above half stand for negative frequencies. */
  readonly values: Float32Array;
  readonly columns: number;
  /** Length of the transform, right and down. */
  readonly across: number;
  readonly down: number;
}

const TAPER = 0.15;
/** Sides up to this are padded, or up to 3 dB are lost between two frequencies of the transform. */
const PADDED_UP_TO = 724;
const PADDING = 1.4;
/** Longer sides are looked at in their middle. */
const LONGEST = 2048;
const SURROUNDINGS = 8;
/** Lines of the picture itself, such as those of JPEG's blocks, are much stronger than any wave of a mark. */
const CLIP = 8;

/**
 * Only frequencies up to `most` (cycles a pixel, 0.5 at most) are computed. Whitened by the mean of 17 × 17 frequencies: otherwise the cross of the
 * axes wins every search.
 */
export function powerSpectrum(plane: Plane, most: number): PowerSpectrum {
  const memory = homeOf(plane.values, searchBytes(mostSpectrumValues(plane)));
  if (memory === undefined) return plainPowerSpectrum(plane, most);
  const lengths = lengthsOf(plane, most);
  const { across, down } = lengths;
  const { from, width, height } = middleOf(plane, across, down);
  const rows = { from: plane.values.byteOffset + 4 * from, width, height, stride: 4 * plane.width };
  const tapered = { ...rows, window: taper(width), factors: taper(height) };
  return { ...lengths, values: whitenedSpectrum(memory, tapered, { ...lengths, radius: SURROUNDINGS, most: CLIP }) };
}

function lengthsOf(plane: Size, most: number) {
  const across = transformLength(plane.width);
  const down = transformLength(plane.height);
  return { across, down, columns: Math.min(across / 2 + 1, Math.ceil(most * across) + SURROUNDINGS + 2) };
}

/** How many numbers the spectrum of a plane of this size has at most. */
export function mostSpectrumValues(plane: Size): number {
  const { down, columns } = lengthsOf(plane, 0.5);
  return down * columns;
}

/** The same where there are no kernels. */
export function plainPowerSpectrum(plane: Plane, most: number): PowerSpectrum {
  const { across, down, columns } = lengthsOf(plane, most);
  const re = new Float32Array(columns * down);
  const im = new Float32Array(columns * down);
  transformRows(plane, { across, down, columns, re, im });
  const power = transformColumns({ down, columns, re, im });
  whiten(power, columns, down, im);
  return { values: power, columns, across, down };
}

/** The part of a picture that is transformed, and where it starts. */
function middleOf({ width, height }: Size, across: number, down: number) {
  const used = { width: Math.min(width, across), height: Math.min(height, down) };
  return { from: ((height - used.height) >> 1) * width + ((width - used.width) >> 1), ...used };
}

function transformLength(side: number): number {
  return fftLengthFrom(Math.max(32, side <= PADDED_UP_TO ? Math.ceil(PADDING * side) : Math.min(side, LONGEST)));
}

interface HalfTransform extends Columns {
  readonly columns: number;
  readonly re: Float32Array;
  readonly im: Float32Array;
}

function transformRows({ values, width, height }: Plane, half: HalfTransform & { readonly across: number }): void {
  const { across, down, columns } = half;
  const { from: corner, width: usedWidth, height: usedHeight } = middleOf({ width, height }, across, down);
  const taperX = taper(usedWidth);
  const taperY = taper(usedHeight);
  const fft = new Fft(across);
  for (let y = 0; y < usedHeight; y += 2) {
    const from = corner + y * width;
    writeTapered(values.subarray(from, from + usedWidth), taperX, taperY[y] ?? 0, fft.re);
    writeTapered(values.subarray(from + width, from + width + usedWidth), taperX, taperY[y + 1] ?? 0, fft.im);
    fft.forward();
    writeRealPair(fft, half, columns, y);
  }
}

/** Zeros follow; a row below the picture has the factor 0. */
function writeTapered(row: Float32Array, window: Float32Array, factor: number, out: Float64Array): void {
  for (let x = 0; x < row.length; x++) out[x] = (row[x] ?? 0) * (window[x] ?? 0) * factor;
  out.fill(0, row.length);
}

function transformColumns({ down, columns, re, im }: HalfTransform): Float32Array {
  const fft = new Fft(down);
  for (let column = 0; column < columns; column++) {
    const from = column * down;
    fft.re.set(re.subarray(from, from + down));
    fft.im.set(im.subarray(from, from + down));
    fft.forward();
    for (let row = 0; row < down; row++) re[from + row] = (fft.re[row] ?? 0) ** 2 + (fft.im[row] ?? 0) ** 2;
  }
  return re;
}

function whiten(power: Float32Array, columns: number, down: number, work: Float32Array): void {
  boxMean(power, down, columns, SURROUNDINGS, work);
  for (let i = 0; i < power.length; i++) power[i] = Math.min(CLIP, (power[i] ?? 0) / Math.max(work[i] ?? 0, Number.MIN_VALUE));
}

/** Falls to zero as a half cosine over the outer parts of a line. */
function taper(length: number): Float32Array {
  const slope = Math.max(1, Math.round(length * TAPER));
  const window = new Float32Array(length).fill(1);
  for (let i = 0; i < slope && i < length; i++) {
    const value = (1 - Math.cos((Math.PI * Math.min(i + 0.5, length - 0.5 - i)) / slope)) / 2;
    window[i] = value;
    window[length - 1 - i] = value;
  }
  return window;
}
