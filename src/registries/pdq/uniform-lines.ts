import type { LumaPlane } from './luma.ts';

/** Pixels from `left` up to but not with `right`, and so downwards. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const SIDES = ['top', 'bottom', 'left', 'right'] as const;
export type Side = (typeof SIDES)[number];

/** A row or column of a plane: its pixels are `values[first + i * step]`. */
export interface Line {
  readonly values: Float32Array;
  readonly first: number;
  readonly step: number;
  readonly length: number;
}

/** The line that is `depth` lines inside of one side of a part of the picture. */
export function lineAt({ values, width }: LumaPlane, { left, top, right, bottom }: Rect, side: Side, depth: number): Line {
  if (side === 'top' || side === 'bottom') {
    const y = side === 'top' ? top + depth : bottom - 1 - depth;
    return { values, first: y * width + left, step: 1, length: right - left };
  }
  const x = side === 'left' ? left + depth : right - 1 - depth;
  return { values, first: top * width + x, step: width, length: bottom - top };
}

/** How many lines there are from one side to the other. */
export function depthOf({ left, top, right, bottom }: Rect, side: Side): number {
  return side === 'top' || side === 'bottom' ? bottom - top : right - left;
}

/** Without so many lines of one side; the very same where there are none. */
export function shrunkBy(rect: Rect, side: Side, depth: number): Rect {
  if (depth === 0) return rect;
  const inwards = side === 'top' || side === 'left' ? depth : -depth;
  return { ...rect, [side]: rect[side] + inwards };
}

/** What most of its pixels are like, 0–255: the median. */
export function levelOf({ values, first, step, length }: Line): number {
  const sorted = Float32Array.from({ length }, (_, i) => values[first + i * step] ?? 0).sort();
  return sorted[length >> 1] ?? 0;
}

/** Share of its pixels that are at most `tolerance` from a level, 0–1. */
export function shareNear({ values, first, step, length }: Line, level: number, tolerance: number): number {
  let near = 0;
  for (let i = 0, at = first; i < length; i++, at += step) if (Math.abs((values[at] ?? 0) - level) <= tolerance) near += 1;
  return near / length;
}
