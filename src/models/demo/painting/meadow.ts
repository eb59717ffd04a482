import { blend, type Color, mix, toHex, tone } from './color.ts';
import { createNoise } from './noise.ts';
import type { Chance } from './random.ts';
import type { Stamp } from './stamps.ts';
import { over, type Surface, smoothstep, span } from './surface.ts';

export interface MeadowOptions {
  /** Where the field begins (y in pixels by column). */
  readonly ground: Float32Array;
  readonly grass: Color;
  readonly light: Color;
  readonly blossoms: readonly [Color, ...Color[]];
  readonly haze: Color;
  readonly chance: Chance;
  /** Flowers for each blade of grass, about. */
  readonly bloom: number;
}

/** Grass and flowers from the far edge of a field to the viewer's feet, far ones first, tiny and hazy. */
export function meadow({ width, height }: Surface, { ground, grass, light, blossoms, haze, chance, bloom }: MeadowOptions): Stamp[] {
  const stamps: Stamp[] = [];
  const dark = tone(grass, 0.78);
  const patches = createNoise(chance.seed);
  const rows = 42;
  for (let step = 0; step <= rows; step++) {
    const near = step / rows;
    const size = height * (0.007 + 0.085 * near ** 1.5);
    const fog = 0.62 * (1 - smoothstep(0, 0.5, near));
    const gap = size * 0.39;
    for (let x = -size; x < width + size; x += gap * chance.between(0.5, 1.5)) {
      const start = ground[Math.min(width - 1, Math.max(0, Math.round(x)))] ?? height;
      const foot = start + (height * 1.06 - start) * near ** 1.45 + chance.between(-0.5, 0.5) * size * 0.5;
      const lean = chance.between(-0.42, 0.42);
      const tall = size * chance.between(0.7, 1.35);
      const shade = blend(blend(dark, grass, chance.between()), light, 0.4 * chance.between() ** 2);
      stamps.push(blade({ x, foot, tall, lean, thick: size * 0.056, tint: blend(shade, haze, fog) }));
      // Flowers grow in drifts of one kind, with strays.
      const across = (x - width / 2) / height / (0.25 + near);
      const drift = patches.fractal(across * 2.4 + 20, near * 5, 2);
      const stray = chance.between();
      const made = { radius: size * chance.between(0.17, 0.31), turn: chance.between(0, 6.28) };
      if (chance.between() > bloom * (0.1 + 0.3 * smoothstep(-0.2, 0.35, drift))) continue;
      const kind = patches.at(across * 1.7 + 3, near * 3.1 + 50) + (stray - 0.5) * 0.5;
      const petals = blossoms[kind < -0.12 ? 1 : kind < 0.22 ? 0 : 2] ?? blossoms[0];
      stamps.push(
        flower({ ...made, x: x + lean * tall, y: foot - tall * 1.04, tint: blend(blend(petals, light, 0.22 * stray), haze, fog * 0.7) }),
      );
    }
  }
  return stamps;
}

interface Blade {
  readonly x: number;
  readonly foot: number;
  readonly tall: number;
  readonly lean: number;
  readonly thick: number;
  readonly tint: Color;
}

function blade({ x, foot, tall, lean, thick, tint }: Blade): Stamp {
  return {
    top: Math.floor(foot - tall),
    bottom: Math.ceil(foot),
    paint(row, y) {
      const up = Math.min(1, Math.max(0, (foot - y) / tall));
      const middle = x + lean * tall * up * up;
      // Narrow at the foot too, or bare ground would show square ends.
      const half = Math.max(0.28, thick * (1 - up) * Math.min(1, 0.25 + up * 7) + 0.12);
      span(row, middle - half, middle + half, tint, 0.95);
    },
    svg: () =>
      `<path d="M${x.toFixed(1)} ${foot.toFixed(1)}q0 ${(-tall * 0.6).toFixed(1)} ${(lean * tall).toFixed(1)} ${(-tall).toFixed(1)}" stroke="${toHex(tint)}" stroke-width="${Math.max(0.6, thick).toFixed(1)}" fill="none"/>`,
  };
}

interface Flower {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly tint: Color;
  readonly turn: number;
}

/** Five petals, seen a little from the side; a dot where it is too small for petals. */
function flower({ x, y, radius, tint, turn }: Flower): Stamp {
  const shadow = tone(tint, 0.74);
  const heart = mix(tint, [0.98, 0.84, 0.36], 0.75);
  const flat = 0.72;
  return {
    top: Math.floor(y - radius * flat - 1),
    bottom: Math.ceil(y + radius * flat + 1),
    paint(row, line) {
      const dy = (line - y) / flat;
      const last = Math.min(row.length / 4 - 1, Math.ceil(x + radius + 1));
      for (let column = Math.max(0, Math.floor(x - radius - 1)); column <= last; column++) {
        const dx = column - x;
        const distance = Math.sqrt(dx * dx + dy * dy);
        const edge = radius * (radius < 2.5 || distance < radius * 0.5 ? 1 : 0.78 + 0.22 * Math.cos(5 * Math.atan2(dy, dx) + turn));
        const alpha = Math.min(1, edge - distance + 0.5);
        const inner = radius > 2.5 ? 1 - smoothstep(radius * 0.2, radius * 0.32, distance) : 0;
        const lit = 0.5 - (0.5 * dy) / radius + 0.25 * (distance / radius);
        const shade = blend(shadow, tint, Math.min(1, Math.max(0, lit)));
        over(
          row,
          column,
          shade[0] + (heart[0] - shade[0]) * inner,
          shade[1] + (heart[1] - shade[1]) * inner,
          shade[2] + (heart[2] - shade[2]) * inner,
          alpha,
        );
      }
    },
    svg: () =>
      `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${radius.toFixed(1)}" ry="${(radius * flat).toFixed(1)}" fill="${toHex(tint)}"/>`,
  };
}
