import { blend, type Color, mix, toHex, tone } from './color.ts';
import type { Chance } from './random.ts';
import type { Stamp } from './stamps.ts';
import { over, span } from './surface.ts';

export interface LoneTree {
  /** Middle and foot of the trunk, and the height, in pixels. */
  readonly x: number;
  readonly foot: number;
  readonly tall: number;
  readonly leaf: Color;
  readonly bark: Color;
  readonly light: Color;
  /** Which side the light comes from: -1 left, 1 right. */
  readonly lightFrom: number;
  readonly chance: Chance;
}

const TUFTS = 240;

/** A broad-leaved tree that stands for itself: a crown of tufts, dark below, bright where the light comes from. */
export function loneTree(tree: LoneTree): Stamp[] {
  const { x, foot, tall, leaf, light, lightFrom, chance } = tree;
  const [cx, cy, rx, ry] = [x, foot - tall * 0.62, tall * 0.44, tall * 0.37];
  const tufts = Array.from({ length: TUFTS }, (_, index) => {
    const angle = chance.between(0, 2 * Math.PI);
    const out = Math.sqrt(chance.between()) * 0.86;
    // Flat below, as crowns are that animals graze under.
    const [dx, dy] = [Math.cos(angle) * out, Math.sin(angle) * out * (Math.sin(angle) > 0 ? 0.72 : 1)];
    const lit = 0.5 - 0.42 * dy + 0.34 * dx * lightFrom + chance.between(-0.14, 0.14) + (index / TUFTS - 0.5) * 0.2;
    const tint =
      lit < 0.5
        ? blend(tone(leaf, 0.7), leaf, Math.max(0, lit) * 2)
        : blend(leaf, mix(tone(leaf, 1.14), light, 0.16), Math.min(1, lit * 2 - 1));
    return tuft({ x: cx + dx * rx, y: cy + dy * ry, radius: tall * chance.between(0.04, 0.085), tint, turn: chance.between(0, 6.28) });
  });
  return [trunk(tree), ...tufts];
}

function trunk({ x, foot, tall, bark, light, lightFrom }: LoneTree): Stamp {
  const top = foot - tall * 0.55;
  const bright = mix(bark, light, 0.35);
  const half = (y: number) => tall * (0.028 + 1.6 * Math.max(0, (y - foot) / tall + 0.14) ** 2 + 0.02 * ((y - top) / tall));
  return {
    top: Math.floor(top),
    bottom: Math.ceil(foot),
    paint(row, y) {
      const wide = half(y);
      span(row, x - wide, x + wide, bark);
      const edge = x + lightFrom * wide;
      span(row, Math.min(edge, edge - lightFrom * wide * 0.6), Math.max(edge, edge - lightFrom * wide * 0.6), bright, 0.5);
    },
    svg: () =>
      `<rect x="${(x - tall * 0.03).toFixed(1)}" y="${top.toFixed(1)}" width="${(tall * 0.06).toFixed(1)}" height="${(foot - top).toFixed(1)}" fill="${toHex(bark)}"/>`,
  };
}

interface Tuft {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly tint: Color;
  readonly turn: number;
}

function tuft({ x, y, radius, tint, turn }: Tuft): Stamp {
  const [red, green, blue] = tint;
  return {
    top: Math.floor(y - radius - 1),
    bottom: Math.ceil(y + radius + 1),
    paint(row, line) {
      const last = Math.min(row.length / 4 - 1, Math.ceil(x + radius + 1));
      for (let column = Math.max(0, Math.floor(x - radius - 1)); column <= last; column++) {
        const [dx, dy] = [column - x, line - y];
        const distance = Math.sqrt(dx * dx + dy * dy);
        // The outline is only worked out where it can be.
        const edge = distance < radius * 0.8 ? radius : radius * (0.93 + 0.06 * Math.sin(5 * Math.atan2(dy, dx) + turn));
        over(row, column, red, green, blue, Math.min(1, edge - distance + 0.5));
      }
    },
    svg: () => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(radius * 0.9).toFixed(1)}" fill="${toHex(tint)}"/>`,
  };
}
