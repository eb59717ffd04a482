import type { MarkTransform } from '../detection.ts';
import type { LinearMap } from './linear-map.ts';

/** What was done to the picture, from the map that undoes it. */
export function transformOf({ xx, xy, yx, yy }: LinearMap): Pick<MarkTransform, 'scaleX' | 'scaleY' | 'rotationDegrees' | 'mirrored'> {
  const determinant = xx * yy - xy * yx;
  const mirrored = determinant < 0;
  // Columns of the inverse; a mirror left and right comes first and changes the sign of the first.
  const sign = mirrored ? -1 : 1;
  const [ax, ay] = [(sign * yy) / determinant, (-sign * yx) / determinant];
  const [bx, by] = [-xy / determinant, xx / determinant];
  return {
    scaleX: rounded(Math.hypot(ax, ay), 4),
    scaleY: rounded(Math.hypot(bx, by), 4),
    rotationDegrees: rounded((Math.atan2(ay - bx, ax + by) * 180) / Math.PI, 2),
    mirrored,
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}
