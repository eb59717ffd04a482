import { type Color, ramp, toHex } from './color.ts';
import type { Palette } from './palette.ts';
import { hashAt } from './random.ts';
import { type Layer, over, type Row, type Surface, shine, smoothstep } from './surface.ts';

/** Where the sun or moon stands, in shares of the width and height, and its radius in shares of the height. */
export interface Orb {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const RAMP_SIZE = 512;
const GLOW_SIZE = 1024;

/** Sky from the zenith to `horizon` (a share of the height), lit from the orb. */
export function sky(surface: Surface, palette: Palette, orb: Orb, horizon: number): Layer {
  const { width, height } = surface;
  const colors = ramp(palette.sky, RAMP_SIZE);
  const glow = glowTable(palette.night ? 0.32 : 0.62);
  const [red, green, blue] = palette.glow;
  return {
    backdrop: true,
    paint(row, y) {
      const at = Math.min(RAMP_SIZE - 1, Math.round((y / (horizon * height)) ** 0.92 * (RAMP_SIZE - 1))) * 3;
      const [r, g, b] = [colors[at] ?? 0, colors[at + 1] ?? 0, colors[at + 2] ?? 0];
      const dy = (y - orb.y * height) / height;
      for (let x = 0; x < width; x++) {
        const dx = (x - orb.x * width) / height;
        const light = glow[Math.min(GLOW_SIZE - 1, (Math.sqrt(dx * dx * 0.7 + dy * dy) * (GLOW_SIZE / 1.5)) | 0)] ?? 0;
        const share = light * 0.75;
        over(row, x, r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share, 1);
      }
    },
    svg() {
      const stops = palette.sky.map((stop, index) => `<stop offset="${index / 3}" stop-color="${toHex(stop)}"/>`).join('');
      return `<linearGradient id="sky" x2="0" y2="${horizon}">${stops}</linearGradient><rect width="100%" height="100%" fill="url(#sky)"/>`;
    },
  };
}

/** Brightness by distance: a tight halo in a wide one. */
function glowTable(strength: number): Float32Array {
  return Float32Array.from({ length: GLOW_SIZE }, (_, index) => {
    const distance = (index / GLOW_SIZE) * 1.5;
    return strength * (0.62 * Math.exp(-distance * 3.1) + 0.38 * Math.exp(-((distance / 0.11) ** 2)));
  });
}

/** The disc of the sun, or the moon with its seas. */
export function orbDisc(surface: Surface, palette: Palette, orb: Orb, seas: (x: number, y: number) => number): Layer {
  const { width, height } = surface;
  const [cx, cy, radius] = [orb.x * width, orb.y * height, orb.radius * height];
  const [red, green, blue] = palette.orb;
  return {
    backdrop: false,
    paint(row, y) {
      const dy = y - cy;
      const reach = radius * radius - dy * dy;
      if (Math.abs(dy) > radius * 2.2) return;
      const last = Math.min(width - 1, Math.ceil(cx + radius * 2.2));
      for (let x = Math.max(0, Math.floor(cx - radius * 2.2)); x <= last; x++) {
        const distance = Math.hypot(x - cx, dy);
        shine(row, x, palette.glow, (palette.night ? 0.3 : 0.45) * (1 - smoothstep(radius * 0.8, radius * 2.2, distance)));
        if (reach < -radius || distance > radius + 1) continue;
        const shade = palette.night ? 1 - 0.16 * smoothstep(-0.1, 0.35, seas((x - cx) / radius, dy / radius)) : 1;
        over(row, x, red * shade, green * shade, blue * shade, radius - distance + 0.5);
      }
    },
    svg: () => `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="${toHex(palette.orb)}"/>`,
  };
}

/** Stars above the haze: few bright ones, many faint. */
export function stars(surface: Surface, tint: Color, seed: number, horizon: number): Layer {
  const { width, height } = surface;
  const cell = Math.max(3, height / 90);
  const points: { x: number; y: number; size: number; light: number }[] = [];
  for (let j = 0; j * cell < height * horizon; j++) {
    for (let i = 0; i * cell < width; i++) {
      if (hashAt(i, j, seed) > 0.22) continue;
      const rank = hashAt(i, j, seed + 1) ** 7;
      const y = (j + hashAt(i, j, seed + 2)) * cell;
      const fade = 1 - smoothstep(0.35, 0.95, y / (height * horizon));
      points.push({
        x: (i + hashAt(i, j, seed + 3)) * cell,
        y,
        size: (0.55 + 1.1 * rank) * (height / 1024),
        light: (0.3 + 0.7 * rank) * fade,
      });
    }
  }
  const paintPoint = (row: Row, y: number, point: (typeof points)[number]) => {
    const reach = Math.max(1, point.size * 2.2);
    for (let x = Math.max(0, Math.ceil(point.x - reach)); x <= Math.min(width - 1, point.x + reach); x++) {
      const distance = Math.hypot(x - point.x, y - point.y);
      shine(row, x, tint, point.light * Math.exp(-((distance / Math.max(0.6, point.size)) ** 2)));
    }
  };
  return {
    backdrop: true,
    paint(row, y) {
      for (const point of points) if (Math.abs(point.y - y) <= Math.max(1, point.size * 2.2)) paintPoint(row, y, point);
    },
    svg: () =>
      points
        .filter(({ light }) => light > 0.25)
        .map(
          ({ x, y, size, light }) =>
            `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(2)}" fill="${toHex(tint)}" opacity="${light.toFixed(2)}"/>`,
        )
        .join(''),
  };
}
