import type { Raster } from '../../src/watermark/raster.ts';

/**
 * What Stable Diffusion ships (invisible-watermark, MIT), written down from its published algorithm for comparison: one Haar step on the U
 * channel, 4 × 4 blocks of the low band, and one quantized number a block: the largest coefficient of its DCT, or the largest singular value of that DCT.
 * The payload repeats over all blocks.
 */
export type DwtMethod = 'dwtDct' | 'dwtDctSvd';

const STEP = 36;
const BLOCK = 4;
const BITS = 64;

export function embedDwt(raster: Raster, payload: string, method: DwtMethod): Raster {
  const low = lowBand(raster);
  const bits = bitsOf(payload);
  const change = new Float64Array(low.values.length);
  for (const [number, place] of blocksOf(low).entries()) {
    const coefficients = dct(blockAt(low, place));
    const target = markedBlock(coefficients, bits[number % BITS] ?? 0, method);
    const pixels = inverseDct(target);
    const before = inverseDct(coefficients);
    for (let i = 0; i < BLOCK * BLOCK; i++)
      change[place + Math.floor(i / BLOCK) * low.width + (i % BLOCK)] = (pixels[i] ?? 0) - (before[i] ?? 0);
  }
  return withU(raster, low, change);
}

/** 16 hexadecimal digits, always: the methods know no "absent". */
export function readDwt(raster: Raster, method: DwtMethod): string {
  const low = lowBand(raster);
  const votes = new Float64Array(BITS);
  for (const [number, place] of blocksOf(low).entries()) {
    const value = carrierOf(dct(blockAt(low, place)), method).value;
    votes[number % BITS] = (votes[number % BITS] ?? 0) + (value % STEP > STEP / 2 ? 1 : -1);
  }
  let text = '';
  for (let digit = 0; digit < BITS / 4; digit++) {
    let value = 0;
    for (let bit = 0; bit < 4; bit++) value = 2 * value + ((votes[4 * digit + bit] ?? 0) > 0 ? 1 : 0);
    text += value.toString(16);
  }
  return text;
}

const bitsOf = (payload: string) =>
  Array.from({ length: BITS }, (_, i) => (Number.parseInt(payload.charAt(i >> 2), 16) >> (3 - (i & 3))) & 1);

interface Band {
  readonly values: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** The low band of U over the part of the picture that is a multiple of four. */
function lowBand({ data, width, height }: Raster): Band {
  const [halfWidth, halfHeight] = [(width >> 2) * 2, (height >> 2) * 2];
  const values = new Float64Array(halfWidth * halfHeight);
  const uAt = (x: number, y: number) => {
    const at = (y * width + x) * 3;
    const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    return Math.round(0.492 * (b - (0.299 * r + 0.587 * g + 0.114 * b)) + 128);
  };
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      values[y * halfWidth + x] = (uAt(2 * x, 2 * y) + uAt(2 * x + 1, 2 * y) + uAt(2 * x, 2 * y + 1) + uAt(2 * x + 1, 2 * y + 1)) / 2;
    }
  }
  return { values, width: halfWidth, height: halfHeight };
}

/** A change of the low band is half of it in each of four values of U, and 2.03 times that in blue as far as luma stays as it is. */
function withU({ data, width, height, channels }: Raster, low: Band, change: Float64Array): Raster {
  const marked = new Uint8ClampedArray(data);
  for (let y = 0; y < 2 * low.height; y++) {
    for (let x = 0; x < 2 * low.width; x++) {
      const du = (change[(y >> 1) * low.width + (x >> 1)] ?? 0) / 2;
      const at = (y * width + x) * 3;
      marked[at + 1] = (data[at + 1] ?? 0) - 0.395 * du;
      marked[at + 2] = (data[at + 2] ?? 0) + 2.032 * du;
    }
  }
  return { data: new Uint8Array(marked.buffer), width, height, channels };
}

function blocksOf({ width, height }: Band): number[] {
  const places: number[] = [];
  for (let y = 0; y + BLOCK <= height; y += BLOCK) for (let x = 0; x + BLOCK <= width; x += BLOCK) places.push(y * width + x);
  return places;
}

function blockAt({ values, width }: Band, place: number): number[] {
  return Array.from({ length: BLOCK * BLOCK }, (_, i) => values[place + Math.floor(i / BLOCK) * width + (i % BLOCK)] ?? 0);
}

const COSINES = Array.from({ length: BLOCK }, (_, k) =>
  Array.from({ length: BLOCK }, (_unused, n) => Math.sqrt((k === 0 ? 1 : 2) / BLOCK) * Math.cos((Math.PI * (2 * n + 1) * k) / (2 * BLOCK))),
);

function product(left: (i: number, k: number) => number, right: (k: number, j: number) => number): number[] {
  return Array.from({ length: BLOCK * BLOCK }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < BLOCK; k++) sum += left(Math.floor(at / BLOCK), k) * right(k, at % BLOCK);
    return sum;
  });
}

function dct(block: readonly number[]): number[] {
  const rows = product(
    (i, k) => COSINES[i]?.[k] ?? 0,
    (k, j) => block[k * BLOCK + j] ?? 0,
  );
  return product(
    (i, k) => rows[i * BLOCK + k] ?? 0,
    (k, j) => COSINES[j]?.[k] ?? 0,
  );
}

function inverseDct(coefficients: readonly number[]): number[] {
  const rows = product(
    (i, k) => COSINES[k]?.[i] ?? 0,
    (k, j) => coefficients[k * BLOCK + j] ?? 0,
  );
  return product(
    (i, k) => rows[i * BLOCK + k] ?? 0,
    (k, j) => COSINES[k]?.[j] ?? 0,
  );
}

interface Carrier {
  readonly value: number;
  /** What the block changes by when the value grows by one. */
  readonly direction: readonly number[];
}

function carrierOf(coefficients: readonly number[], method: DwtMethod): Carrier {
  if (method === 'dwtDctSvd') return largestSingular(coefficients);
  let at = 1;
  for (let i = 2; i < coefficients.length; i++) if (Math.abs(coefficients[i] ?? 0) > Math.abs(coefficients[at] ?? 0)) at = i;
  const sign = (coefficients[at] ?? 0) < 0 ? -1 : 1;
  return { value: Math.abs(coefficients[at] ?? 0), direction: coefficients.map((_, i) => (i === at ? sign : 0)) };
}

function markedBlock(coefficients: readonly number[], bit: number, method: DwtMethod): number[] {
  const { value, direction } = carrierOf(coefficients, method);
  const target = (Math.floor(value / STEP) + 0.25 + 0.5 * bit) * STEP;
  return coefficients.map((coefficient, i) => coefficient + (target - value) * (direction[i] ?? 0));
}

/** By power iteration; the low band of U is far from zero, so that the first singular value stands well above the others. */
function largestSingular(block: readonly number[]): Carrier {
  let right = [1, 0.1, 0.1, 0.1];
  let left = [0, 0, 0, 0];
  let value = 0;
  for (let round = 0; round < 12; round++) {
    left = left.map((_, i) => right.reduce((sum, r, j) => sum + (block[i * BLOCK + j] ?? 0) * r, 0));
    const leftNorm = Math.hypot(...left) || 1;
    left = left.map((entry) => entry / leftNorm);
    right = right.map((_, j) => left.reduce((sum, l, i) => sum + (block[i * BLOCK + j] ?? 0) * l, 0));
    value = Math.hypot(...right);
    right = right.map((entry) => entry / (value || 1));
  }
  return { value, direction: left.flatMap((l) => right.map((r) => l * r)) };
}
