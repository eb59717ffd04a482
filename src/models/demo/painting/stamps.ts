import type { Layer, Row, Surface } from './surface.ts';

/** A small thing that covers the rows from `top` to `bottom`: a tree, a flower, a blade of grass. */
export interface Stamp {
  readonly top: number;
  readonly bottom: number;
  paint(row: Row, y: number): void;
  svg(): string;
}

const BAND_ROWS = 16;

/** Thousands of stamps as one layer, in the given order. Each row looks only at the stamps near it. */
export function stampLayer({ height }: Surface, stamps: readonly Stamp[], { backdrop = false } = {}): Layer {
  const bands: Stamp[][] = Array.from({ length: Math.ceil(height / BAND_ROWS) }, () => []);
  for (const stamp of stamps) {
    const last = Math.floor(Math.min(height - 1, stamp.bottom) / BAND_ROWS);
    for (let band = Math.max(0, Math.floor(stamp.top / BAND_ROWS)); band <= last; band++) bands[band]?.push(stamp);
  }
  return {
    backdrop,
    paint(row, y) {
      for (const stamp of bands[Math.floor(y / BAND_ROWS)] ?? []) {
        if (y >= stamp.top && y <= stamp.bottom) stamp.paint(row, y);
      }
    },
    svg: () => stamps.map((stamp) => stamp.svg()).join(''),
  };
}
