import type { ParameterValue } from '../../contracts/submission.ts';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_SIDE_PX = 64;
const MAX_SIDE_PX = 4096;
const MAX_RATIO = 3;

/** The size that a `WxH` asks for; undefined when it is not of that form or outside of what we paint. */
export function parseSize(value: ParameterValue): Size | undefined {
  const match = typeof value === 'string' ? /^([1-9]\d{1,4})x([1-9]\d{1,4})$/.exec(value) : null;
  if (match === null) return undefined;
  const [width, height] = [Number(match[1]), Number(match[2])];
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return short >= MIN_SIDE_PX && long <= MAX_SIDE_PX && long <= MAX_RATIO * short ? { width, height } : undefined;
}

/** The size as it is, or shrunk in proportion when a side is longer than we give out. */
export function withinLargest(size: Size): Size {
  return scaled(size, Math.min(1, MAX_SIDE_PX / Math.max(size.width, size.height)));
}

/** A size in proportion, at least one pixel each way. */
export function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
