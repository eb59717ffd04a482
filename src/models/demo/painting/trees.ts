import { type Color, mix, toHex } from './color.ts';
import { createNoise } from './noise.ts';
import type { Chance } from './random.ts';
import type { Stamp } from './stamps.ts';
import { span } from './surface.ts';

/** Where trees stand: on this line (y in pixels by column), this tall in pixels, this far apart. */
export interface Grove {
  readonly ground: Float32Array;
  readonly tall: number;
  readonly gap: number;
  readonly tint: Color;
  readonly light: Color;
  /** 0 none – 1 a closed forest; clearings come from noise. */
  readonly density: number;
  readonly chance: Chance;
}

/** Conifers along a crest, in clumps. */
export function conifers({ ground, tall, gap, tint, light, density, chance }: Grove): Stamp[] {
  const clumps = createNoise(chance.seed);
  const stamps: Stamp[] = [];
  for (let x = -gap; x < ground.length + gap; x += gap * chance.between(0.4, 1.4)) {
    const here = 0.5 + 0.9 * clumps.fractal(x / (tall * 5), 4.4, 2);
    const size = tall * chance.between(0.45, 1.1) * (0.55 + 0.6 * Math.max(0, here));
    const [lean, shade, ragged] = [chance.between(-0.02, 0.02), chance.between(), chance.between(0, 100)];
    if (here < 1 - density) continue;
    const foot = (ground[Math.min(ground.length - 1, Math.max(0, Math.round(x)))] ?? 0) + size * 0.14;
    stamps.push(conifer({ x, foot, size, lean, ragged, tint: mix(tint, light, shade * 0.16), rim: light }));
  }
  return stamps;
}

interface Conifer {
  readonly x: number;
  readonly foot: number;
  readonly size: number;
  readonly lean: number;
  readonly ragged: number;
  readonly tint: Color;
  readonly rim: Color;
}

function conifer({ x, foot, size, lean, ragged, tint, rim }: Conifer): Stamp {
  const top = foot - size;
  const tiers = Math.max(4, Math.min(11, size / 9));
  const rimTint = mix(tint, rim, 0.18);
  return {
    top: Math.floor(top),
    bottom: Math.ceil(foot),
    paint(row, y) {
      const down = (y - top) / size;
      if (down < 0) return;
      const middle = x + lean * size * (1 - down);
      if (down > 0.93) {
        span(row, middle - size * 0.018, middle + size * 0.018 + 0.5, tint);
        return;
      }
      const tier = down * tiers + ragged;
      const fringe = 0.62 + 0.38 * (tier - Math.floor(tier));
      const half = size * 0.19 * down ** 0.85 * fringe;
      const wobble = 0.82 + 0.18 * Math.sin(y * 1.7 + ragged * 9);
      span(row, middle - half * wobble - 0.4, middle + half + 0.4, tint);
      span(row, middle + half * 0.35, middle + half + 0.2, rimTint, 0.5);
    },
    svg: () =>
      `<path d="M${x.toFixed(1)} ${top.toFixed(1)}l${(size * 0.17).toFixed(1)} ${size.toFixed(1)}h-${(size * 0.34).toFixed(1)}Z" fill="${toHex(tint)}"/>`,
  };
}
