import type { LumaPlane } from './luma.ts';
import { depthOf, levelOf, lineAt, type Rect, SIDES, type Side, shareNear, shrunkBy } from './uniform-lines.ts';

/** Levels that compression adds to one color. */
const TOLERANCE = 12;
/** Levels that it adds beside letters. */
const TOLERANCE_AT_WORDS = 40;
/** Of a line, to be of one color. A signature or a page number may stand in a border. */
const UNIFORM = 0.97;
/** Of a line through words: the rest is letters. Lines through a picture have less of the color beside it, as a rule. */
const BEHIND_WORDS = 0.25;
/** Of the height: higher letters are part of the picture. */
const LINE_OF_TEXT = 0.12;

/** Without the uniform lines on each side, of one color on each. */
export function withoutBorder(plane: LumaPlane, whole: Rect): Rect {
  return SIDES.reduce((rect, side) => shrunkBy(rect, side, borderDepth(plane, rect, side)), whole);
}

/** As much on one side as on the other, so that a border does not take the sky with it. */
export function evenly(inner: Rect, whole: Rect): Rect {
  const beside = Math.min(inner.left - whole.left, whole.right - inner.right);
  const above = Math.min(inner.top - whole.top, whole.bottom - inner.bottom);
  return { left: whole.left + beside, top: whole.top + above, right: whole.right - beside, bottom: whole.bottom - above };
}

/** Without strips above and below in which words stand on one color, up to the last line of that color. */
export function withoutCaption(plane: LumaPlane, whole: Rect): Rect {
  return (['top', 'bottom'] as const).reduce((rect, side) => shrunkBy(rect, side, captionDepth(plane, rect, side)), whole);
}

function borderDepth(plane: LumaPlane, rect: Rect, side: Side): number {
  const level = backgroundOf(plane, rect, side);
  if (level === undefined) return 0;
  let depth = 1;
  while (depth < depthOf(rect, side) && shareNear(lineAt(plane, rect, side, depth), level, TOLERANCE) >= UNIFORM) depth += 1;
  return depth;
}

function captionDepth(plane: LumaPlane, rect: Rect, side: 'top' | 'bottom'): number {
  const level = backgroundOf(plane, rect, side);
  if (level === undefined) return 0;
  const most = LINE_OF_TEXT * plane.height;
  let end = 1;
  for (let depth = 1; depth < depthOf(rect, side) && depth - end <= most; depth++) {
    const line = lineAt(plane, rect, side, depth);
    if (shareNear(line, level, TOLERANCE) >= UNIFORM) end = depth + 1;
    else if (shareNear(line, level, TOLERANCE_AT_WORDS) < BEHIND_WORDS) break;
  }
  return end;
}

/** The color of the outermost line, if it has one. */
function backgroundOf(plane: LumaPlane, rect: Rect, side: Side): number | undefined {
  if (depthOf(rect, 'top') <= 1 || depthOf(rect, 'left') <= 1) return undefined;
  const line = lineAt(plane, rect, side, 0);
  const level = levelOf(line);
  return shareNear(line, level, TOLERANCE) >= UNIFORM ? level : undefined;
}
