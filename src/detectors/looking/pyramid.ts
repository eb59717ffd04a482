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

/** The same place in a picture that is so many times as large. */
export function enlarged({ centerX, centerY, width, height, angle }: Place, times: number): Place {
  return { centerX: centerX * times, centerY: centerY * times, width: width * times, height: height * times, angle };
}

/** The smallest square around the whole picture. */
export function letterboxOf({ width, height }: Raster): Place {
  const side = Math.max(width, height);
  return { centerX: width / 2, centerY: height / 2, width: side, height: side, angle: 0 };
}
