import type { Color } from './color.ts';

/** Where a picture goes: its size, the moment of an animation, and the rows painted so far. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Position in a loop, 0–1; 0 for a still picture. */
  readonly moment: number;
  /** Without sky, wall and table, and with nothing that was not asked for. */
  readonly cutOut: boolean;
  /** RGBA, 8 bits, straight alpha; complete above the row that is being painted. */
  readonly pixels: Uint8Array;
}

/** A row in the making: red, green, blue, alpha for each pixel, 0–1, premultiplied. */
export type Row = Float32Array;

/**
 * One thing in the picture. Layers are painted back to front, row by row from the top, so memory is one row of floats
 * and a layer may look at the finished rows above it (water does).
 */
export interface Layer {
  /** Left out of a cut-out: sky, wall, table. */
  readonly backdrop: boolean;
  paint(row: Row, y: number): void;
  /** The same thing, roughly, as SVG elements in pixels of the surface. */
  svg(): string;
}

/** Lays a color over a pixel. `alpha` 0–1; nothing happens at or below 0. */
export function over(row: Row, x: number, red: number, green: number, blue: number, alpha: number): void {
  if (alpha <= 0) return;
  const at = x * 4;
  const rest = alpha >= 1 ? 0 : 1 - alpha;
  const share = 1 - rest;
  row[at] = red * share + (row[at] ?? 0) * rest;
  row[at + 1] = green * share + (row[at + 1] ?? 0) * rest;
  row[at + 2] = blue * share + (row[at + 2] ?? 0) * rest;
  row[at + 3] = share + (row[at + 3] ?? 0) * rest;
}

/** Adds light to a pixel that is there. */
export function shine(row: Row, x: number, [red, green, blue]: Color, strength: number): void {
  const at = x * 4;
  const reach = strength * (row[at + 3] ?? 0);
  // Screen, so that light on light does not clip to flat white.
  row[at] = screen(row[at] ?? 0, red * reach);
  row[at + 1] = screen(row[at + 1] ?? 0, green * reach);
  row[at + 2] = screen(row[at + 2] ?? 0, blue * reach);
}

const screen = (below: number, light: number) => below + light - below * light;

/** Fills the pixels between two positions, with soft ends one pixel wide. */
export function span(row: Row, from: number, to: number, [red, green, blue]: Color, alpha = 1): void {
  const width = row.length / 4;
  const last = Math.min(width - 1, Math.floor(to));
  for (let x = Math.max(0, Math.floor(from)); x <= last; x++) {
    const covered = Math.min(x + 1, to) - Math.max(x, from);
    over(row, x, red, green, blue, covered * alpha);
  }
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}
