/** A picture as interleaved 8-bit RGB. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A picture and its halves, so that shrinking never skips a pixel. Level 0 is the picture itself. */
export interface Pyramid extends Raster {
  readonly levels: readonly Raster[];
}

/** In pixels of a picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels of a picture, turned by `angle` (radians, clockwise on the screen) around its center. */
export interface Place {
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

const SMALLEST_SIDE = 16;

export function pyramidOf(raster: Raster): Pyramid {
  const levels: Raster[] = [raster];
  for (let last = raster; last.width >= 2 * SMALLEST_SIDE && last.height >= 2 * SMALLEST_SIDE; ) {
    last = halved(last);
    levels.push(last);
  }
  return { ...raster, levels };
}

/** The mean of each four pixels; an odd last row or column is left out. Written out for the three colors: every picture pays for this loop. */
function halved({ width, height, rgb }: Raster): Raster {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const out = new Uint8Array(halfWidth * halfHeight * 3);
  let at = 0;
  for (let y = 0; y < halfHeight; y++) {
    let top = 2 * y * width * 3;
    let below = top + width * 3;
    for (let x = 0; x < halfWidth; x++, top += 6, below += 6, at += 3) {
      out[at] = ((rgb[top] ?? 0) + (rgb[top + 3] ?? 0) + (rgb[below] ?? 0) + (rgb[below + 3] ?? 0) + 2) >> 2;
      out[at + 1] = ((rgb[top + 1] ?? 0) + (rgb[top + 4] ?? 0) + (rgb[below + 1] ?? 0) + (rgb[below + 4] ?? 0) + 2) >> 2;
      out[at + 2] = ((rgb[top + 2] ?? 0) + (rgb[top + 5] ?? 0) + (rgb[below + 2] ?? 0) + (rgb[below + 5] ?? 0) + 2) >> 2;
    }
  }
  return { width: halfWidth, height: halfHeight, rgb: out };
}

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
  const [stepX, stepY] = [(place.width * scale) / wide, (place.height * scale) / high];
  const patch = new Float32Array(wide * high * 3);
  const [middleX, middleY] = [place.centerX * scale, place.centerY * scale];
  for (let row = 0, at = 0; row < high; row++) {
    const v = (row + 0.5 - high / 2) * stepY;
    for (let column = 0; column < wide; column++, at += 3) {
      const u = (column + 0.5 - wide / 2) * stepX;
      sample(raster, middleX + u * cos - v * sin - 0.5, middleY + u * sin + v * cos - 0.5, patch, at);
    }
  }
  return patch;
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
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const from = (row * side + column) * 3;
      out.set(square.subarray(from, from + 3), (row * side + side - 1 - column) * 3);
    }
  }
  return out;
}

/** The point at these shares of a place's width and height, in pixels of the picture. */
export function pointIn({ centerX, centerY, width, height, angle }: Place, shareX: number, shareY: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [u, v] = [(shareX - 0.5) * width, (shareY - 0.5) * height];
  return { x: centerX + u * cos - v * sin, y: centerY + u * sin + v * cos };
}

/** The whole picture, stretched. */
export function wholeOf({ width, height }: Raster): Place {
  return { centerX: width / 2, centerY: height / 2, width, height, angle: 0 };
}

/** The smallest square around the whole picture. */
export function letterboxOf({ width, height }: Raster): Place {
  const side = Math.max(width, height);
  return { centerX: width / 2, centerY: height / 2, width: side, height: side, angle: 0 };
}
