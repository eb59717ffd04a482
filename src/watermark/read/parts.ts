import type { MarkTransform } from '../detection.ts';
import { searchPlane } from '../kernels/search-plane.ts';
import type { Plane } from '../raster.ts';
import { mostSpectrumValues } from './power-spectrum.ts';

/** A rectangle of a picture, as shares of its width and height. */
export type Part = MarkTransform['part'];

export const WHOLE: Part = { left: 0, top: 0, width: 1, height: 1 };

const LEAST_SIDE = 128;
const STARTS = [0, 0.25, 0.5];

/** Nine overlapping quarters, the middle one first; none of a picture that is too small for parts. */
export function partsOf({ width, height }: Plane): readonly Part[] {
  if (Math.min(width, height) < 2 * LEAST_SIDE) return [];
  const all = STARTS.flatMap((top) => STARTS.map((left) => ({ left, top, width: 0.5, height: 0.5 })));
  const distance = ({ left, top }: Part) => Math.abs(left - 0.25) + Math.abs(top - 0.25);
  return all.sort((a, b) => distance(a) - distance(b));
}

/** The pixels of a part, copied. */
export function planeOf({ values, width, height }: Plane, part: Part): Plane {
  const [left, top] = [Math.floor(part.left * width), Math.floor(part.top * height)];
  const [partWidth, partHeight] = [Math.floor(part.width * width), Math.floor(part.height * height)];
  const copy = searchPlane(partWidth, partHeight, mostSpectrumValues({ width: partWidth, height: partHeight }));
  for (let y = 0; y < partHeight; y++) {
    const from = (top + y) * width + left;
    copy.values.set(values.subarray(from, from + partWidth), y * partWidth);
  }
  return copy;
}
