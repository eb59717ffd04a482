import { blend, type Color, toHex, tone } from './color.ts';
import type { Stamp } from './stamps.ts';
import { over, span } from './surface.ts';

/** How flat a circle looks from where the viewer sits. */
const FLATNESS = 0.17;

/** The opening of a pot; pixels. */
export interface Opening {
  readonly x: number;
  readonly top: number;
  readonly radius: number;
}

/** Half the width of the opening at a row, 0 beside it; `share` shrinks it toward its middle. */
function halfWidth({ top, radius }: Opening, y: number, share = 1): number {
  return Math.sqrt(Math.max(0, 1 - ((y + 0.5 - top) / (radius * FLATNESS * share)) ** 2)) * radius * share;
}

/** The opening of a pot, seen a little from above: a bright lip around a dark inside. */
export function mouth(opening: Opening, skin: Color): Stamp {
  const { x, top, radius } = opening;
  const lip = tone(skin, 1.1);
  const inside = tone(skin, 0.42);
  return {
    top: Math.floor(top - radius * FLATNESS),
    bottom: Math.ceil(top + radius * FLATNESS),
    paint(row, y) {
      const outer = halfWidth(opening, y);
      if (outer > 0) span(row, x - outer, x + outer, lip);
      const inner = halfWidth(opening, y, 0.93);
      if (inner <= 0) return;
      const last = Math.min(row.length / 4 - 1, Math.floor(x + inner));
      for (let column = Math.max(0, Math.floor(x - inner)); column <= last; column++) {
        // Light from the left reaches the right side of the inside.
        const [red, green, blue] = blend(inside, lip, 0.42 * Math.max(0, Math.min(1, (column - x) / radius + 0.45)));
        over(row, column, red, green, blue, Math.min(1, inner - Math.abs(column + 0.5 - x) + 0.5));
      }
    },
    svg: () =>
      `<ellipse cx="${x.toFixed(1)}" cy="${top.toFixed(1)}" rx="${radius.toFixed(1)}" ry="${(radius * FLATNESS).toFixed(1)}" fill="${toHex(inside)}" stroke="${toHex(lip)}" stroke-width="${(radius * 0.06).toFixed(1)}"/>`,
  };
}

/** Something that lies in a pot: the pot's front hides what is below the lip. */
export function heldIn(opening: Opening, held: Stamp): Stamp {
  const lowest = Math.floor(opening.top + opening.radius * FLATNESS * 0.9);
  return {
    top: held.top,
    bottom: Math.min(held.bottom, lowest),
    paint(row, y) {
      if (y < opening.top) return held.paint(row, y);
      const open = halfWidth(opening, y, 0.93);
      const [left, right] = [Math.max(0, Math.ceil(opening.x - open)), Math.max(0, Math.floor(opening.x + open))];
      const kept = row.slice();
      held.paint(row, y);
      row.set(kept.subarray(0, left * 4));
      row.set(kept.subarray(right * 4), right * 4);
    },
    svg: () => held.svg(),
  };
}
