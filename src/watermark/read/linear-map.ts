/** From pixels of a picture to pixels of the tile, without the shift: u = xx·x + xy·y, v = yx·x + yy·y. */
export interface LinearMap {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

export const IDENTITY: LinearMap = { xx: 1, xy: 0, yx: 0, yy: 1 };

/** `outer` after `inner`. */
export function composed(outer: LinearMap, inner: LinearMap): LinearMap {
  return {
    xx: outer.xx * inner.xx + outer.xy * inner.yx,
    xy: outer.xx * inner.xy + outer.xy * inner.yy,
    yx: outer.yx * inner.xx + outer.yy * inner.yx,
    yy: outer.yx * inner.xy + outer.yy * inner.yy,
  };
}

/** The map of a picture that was turned by `angle` (radians, clockwise on the screen) and scaled by `scaleX`, `scaleY` before. */
export function inverseOf(scaleX: number, scaleY: number, angle: number): LinearMap {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return { xx: c / scaleX, xy: s / scaleX, yx: -s / scaleY, yy: c / scaleY };
}
