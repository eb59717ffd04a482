import type { LumaPlane } from './luma.ts';
import { evenly, withoutBorder, withoutCaption } from './trim.ts';
import type { Rect } from './uniform-lines.ts';

/** What was cut off: uniform lines on any side, or strips with a caption, too. */
export type Trimming = 'border' | 'caption';

/** What is left of a picture when something was cut off that may have been added to it. */
export interface TrimmedPlane {
  readonly trimmed: Trimming;
  readonly plane: LumaPlane;
}

/** Of each side at least this share stays: what is smaller says little about the picture that it would be a copy of. */
const LEAST_SHARE = 0.2;
/** Lines: fewer do not change PDQ. */
const FEWEST_LINES = 2;
/** Frames in frames are made by hand; nobody makes more. */
const ROUNDS = 3;

/**
 * What is left of a picture without its border, bars of a letterbox, or strips above and below with words on one color: at most four, since nobody
 * can tell a border from a dark sky beside it. Empty for a picture that has none of these, and then it cost a look at its outermost lines. PDQ does not
 * survive such additions (`docs/detectors/known-hashes.md`).
 */
export function trimmedPlanes(plane: LumaPlane): readonly TrimmedPlane[] {
  const whole = { left: 0, top: 0, right: plane.width, bottom: plane.height };
  const inner = withoutBorder(plane, whole);
  const below = withoutCaption(plane, whole);
  if (inner === whole && below === whole) return [];
  const guesses: readonly (readonly [Trimming, Rect])[] = [
    ['border', inner],
    ['border', evenly(inner, whole)],
    ['caption', below],
    ['caption', innermost(plane, below)],
  ];
  const known = new Set<string>();
  return guesses.flatMap(([trimmed, rect]) => {
    const key = [rect.left, rect.top, rect.right, rect.bottom].join();
    if (known.has(key) || !isWorth(rect, whole)) return [];
    known.add(key);
    return [{ trimmed, plane: cut(plane, rect) }];
  });
}

function innermost(plane: LumaPlane, outer: Rect): Rect {
  let rest = outer;
  for (let round = 0; round < ROUNDS; round++) {
    // Twice: the first may be no more than a line in which two colors run into each other.
    const next = withoutBorder(plane, withoutCaption(plane, withoutCaption(plane, rest)));
    if (next === rest) return rest;
    rest = next;
  }
  return rest;
}

function isWorth({ left, top, right, bottom }: Rect, whole: Rect): boolean {
  const isEnough = right - left >= LEAST_SHARE * whole.right && bottom - top >= LEAST_SHARE * whole.bottom;
  return isEnough && Math.max(left, top, whole.right - right, whole.bottom - bottom) >= FEWEST_LINES;
}

function cut({ values, width }: LumaPlane, { left, top, right, bottom }: Rect): LumaPlane {
  const rows = new Float32Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) rows.set(values.subarray(y * width + left, y * width + right), (y - top) * (right - left));
  return { values: rows, width: right - left, height: bottom - top };
}
