/** A plane of float32 luminance values, row by row, 0–255. */
export interface LumaPlane {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

const RED = Math.fround(0.299);
const GREEN = Math.fround(0.587);
const BLUE = Math.fround(0.114);

/** Luminance of interleaved 8-bit RGB, every step rounded to float32 as the reference does. */
export function lumaOf(rgb: Uint8Array, width: number, height: number): LumaPlane {
  if (rgb.length !== width * height * 3) throw new RangeError('expected three bytes for each pixel');
  const values = new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < values.length; pixel++, at += 3) {
    const red = Math.fround(RED * (rgb[at] ?? 0));
    const green = Math.fround(GREEN * (rgb[at + 1] ?? 0));
    values[pixel] = Math.fround(red + green) + Math.fround(BLUE * (rgb[at + 2] ?? 0));
  }
  return { values, width, height };
}
