import type { Place, Pyramid, Raster } from './pyramid.ts';

/**
 * The pixels of a place as a square of `side` × `side`, stretched to fit, with bilinear weights; what lies outside the picture is
 * black. Interleaved RGB from 0 to 255, as every network takes it.
 */
export function squareOf(pyramid: Pyramid, place: Place, side: number): Float32Array {
  return patchOf(pyramid, place, side, side);
}

/** The same as a rectangle of `wide` × `high`. */
export function patchOf(pyramid: Pyramid, place: Place, wide: number, high: number): Float32Array {
  const shrink = Math.min(place.width / wide, place.height / high);
  const level = Math.max(0, Math.min(pyramid.levels.length - 1, Math.floor(Math.log2(shrink))));
  const raster = pyramid.levels[level] ?? pyramid;
  const scale = 1 / 2 ** level;
  const [cos, sin] = [Math.cos(place.angle), Math.sin(place.angle)];
  const [x, y] = [place.centerX * scale, place.centerY * scale];
  const along = offsetsOf(wide, (place.width * scale) / wide);
  const across = offsetsOf(high, (place.height * scale) / high);
  if (Math.abs(sin) > LEAST_SINE) return turnedPatch(raster, { x, y, cos, sin, along, across });
  const columns = along.map((u) => x + u * cos - 0.5);
  const rows = across.map((v) => y + v * cos - 0.5);
  return straightPatch(raster, neighborsOf(columns, raster.width), neighborsOf(rows, raster.height));
}

/** Less turns no corner of the largest picture by a thousandth of a pixel: upright and upside down are straight. */
const LEAST_SINE = 1e-9;

/** From the middle of the patch to the middle of each of its pixels, in pixels of the picture. */
function offsetsOf(count: number, step: number): Float64Array {
  const offsets = new Float64Array(count);
  for (let at = 0; at < count; at++) offsets[at] = (at + 0.5 - count / 2) * step;
  return offsets;
}

/** For each pixel along one side of the patch: the two of the picture that it lies between, and how near it is to the second. */
interface Neighbors {
  /** −1 outside the picture. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float64Array;
}

function neighborsOf(places: Float64Array, size: number): Neighbors {
  const [first, second] = [new Int32Array(places.length), new Int32Array(places.length)];
  const share = new Float64Array(places.length);
  for (const [at, place] of places.entries()) {
    const one = place < -0.5 || place > size - 0.5 ? -1 : Math.max(0, Math.floor(place));
    first[at] = one;
    second[at] = Math.min(one + 1, size - 1);
    share[at] = place > 0 ? place - one : 0;
  }
  return { first, second, share };
}

/** Where nothing is turned a row and a column need to be found once only: half the time. Every picture pays for this loop many times over. */
function straightPatch({ width, rgb }: Raster, columns: Neighbors, rows: Neighbors): Float32Array {
  const [wide, high] = [columns.first.length, rows.first.length];
  const out = new Float32Array(wide * high * 3);
  for (let row = 0; row < high; row++) {
    const upper = rows.first[row] ?? -1;
    if (upper < 0) continue;
    const top = upper * width * 3;
    const below = ((rows.second[row] ?? 0) - upper) * width * 3;
    const fy = rows.share[row] ?? 0;
    for (let column = 0, at = row * wide * 3; column < wide; column++, at += 3) {
      const left = columns.first[column] ?? -1;
      if (left < 0) continue;
      const a = top + left * 3;
      const b = top + (columns.second[column] ?? 0) * 3;
      const fx = columns.share[column] ?? 0;
      out[at] = blend(rgb, a, b, below, fx, fy);
      out[at + 1] = blend(rgb, a + 1, b + 1, below, fx, fy);
      out[at + 2] = blend(rgb, a + 2, b + 2, below, fx, fy);
    }
  }
  return out;
}

interface Turned {
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
  readonly along: Float64Array;
  readonly across: Float64Array;
}

function turnedPatch(raster: Raster, { x, y, cos, sin, along, across }: Turned): Float32Array {
  const out = new Float32Array(along.length * across.length * 3);
  for (let row = 0, at = 0; row < across.length; row++) {
    const v = across[row] ?? 0;
    for (let column = 0; column < along.length; column++, at += 3) {
      const u = along[column] ?? 0;
      sample(raster, x + u * cos - v * sin - 0.5, y + u * sin + v * cos - 0.5, out, at);
    }
  }
  return out;
}

function sample({ width, height, rgb }: Raster, x: number, y: number, out: Float32Array, at: number): void {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return;
  // Towards zero is down here, as nothing below zero is left.
  const left = x > 0 ? x | 0 : 0;
  const top = y > 0 ? y | 0 : 0;
  const fx = x > 0 ? x - left : 0;
  const fy = y > 0 ? y - top : 0;
  const a = (top * width + left) * 3;
  const b = left + 1 < width ? a + 3 : a;
  const below = top + 1 < height ? width * 3 : 0;
  out[at] = blend(rgb, a, b, below, fx, fy);
  out[at + 1] = blend(rgb, a + 1, b + 1, below, fx, fy);
  out[at + 2] = blend(rgb, a + 2, b + 2, below, fx, fy);
}

/** Of four neighbors: at `a` and `b`, and as many bytes below each. */
function blend(rgb: Uint8Array, a: number, b: number, below: number, fx: number, fy: number): number {
  const upper = (rgb[a] ?? 0) * (1 - fx) + (rgb[b] ?? 0) * fx;
  const lower = (rgb[a + below] ?? 0) * (1 - fx) + (rgb[b + below] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** The same square seen in a mirror. */
export function mirrored(square: Float32Array): Float32Array {
  const side = Math.sqrt(square.length / 3);
  const out = new Float32Array(square.length);
  for (let row = 0, from = 0; row < side; row++) {
    for (let to = ((row + 1) * side - 1) * 3; to >= row * side * 3; to -= 3, from += 3) {
      out[to] = square[from] ?? 0;
      out[to + 1] = square[from + 1] ?? 0;
      out[to + 2] = square[from + 2] ?? 0;
    }
  }
  return out;
}
