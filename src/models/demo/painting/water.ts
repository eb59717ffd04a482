import { toHex } from './color.ts';
import { createNoise } from './noise.ts';
import type { Palette } from './palette.ts';
import type { Orb } from './sky.ts';
import { type Layer, over, type Surface, shine, smoothstep } from './surface.ts';

export interface WaterOptions {
  readonly palette: Palette;
  readonly orb: Orb;
  readonly seed: number;
  /** Where the water begins, a share of the height. */
  readonly horizon: number;
  /** 0 a pond – 1 open sea. */
  readonly swell: number;
}

/** Water from the horizon down: it mirrors the rows above, broken by ripples, and carries the orb's glitter. */
export function water(surface: Surface, { palette, orb, seed, horizon, swell }: WaterOptions): Layer {
  const { width, height, pixels } = surface;
  const noise = createNoise(seed);
  const shore = Math.round(horizon * height);
  const [red, green, blue] = palette.water;
  const phase = Math.sin(surface.moment * 2 * Math.PI) * 0.5;
  const sample = (x: number, y: number, at: number) => pixels[(y * width + x) * 4 + at] ?? 0;
  return {
    backdrop: false,
    paint(row, y) {
      if (y < shore) return;
      const near = (y - shore) / Math.max(1, height - shore);
      // Rows of a plane seen at a slant: what is twice as near is twice as wide.
      const distance = 1 / (near + 0.045);
      const deep = 0.24 + 0.46 * near ** 0.8;
      for (let x = 0; x < width; x++) {
        const across = ((x - width / 2) / height) * distance;
        const long = noise.at(across * 1.1, distance * 3.2 + phase);
        const short = noise.at(across * 3.7 + 11, distance * 9.5 - phase * 2);
        const tilt = long * 0.6 + short * 0.4;
        const stretch = (y - shore) * (1 + 0.12 * swell) + tilt * height * (0.012 + 0.075 * near) * (0.5 + swell);
        const mirrorY = Math.min(shore - 1, Math.max(0, Math.round(shore - 1 - Math.abs(stretch))));
        const mirrorX = Math.min(width - 1, Math.max(0, Math.round(x + short * height * 0.012 * (0.3 + near) * (0.4 + swell))));
        const dark = Math.min(1, Math.max(0, deep + tilt * (0.1 + 0.3 * near) * (0.5 + swell)));
        over(
          row,
          x,
          mixed(sample(mirrorX, mirrorY, 0), red, dark),
          mixed(sample(mirrorX, mirrorY, 1), green, dark),
          mixed(sample(mirrorX, mirrorY, 2), blue, dark),
          1,
        );
        const lane = Math.exp(-(((x - orb.x * width) / height / (0.035 + 0.13 * near)) ** 2));
        if (lane < 0.02) continue;
        const crest = smoothstep(0.06, 0.42, noise.at(across * 12 + 70, distance * 30 + phase * 3) + tilt * 0.5);
        shine(row, x, palette.orb, lane * crest * (palette.night ? 0.55 : 0.85) * (1 - 0.35 * near));
      }
    },
    svg: () =>
      `<linearGradient id="water" x2="0" y2="1"><stop stop-color="${toHex(palette.sky[2])}"/><stop offset="1" stop-color="${toHex(palette.water)}"/></linearGradient>` +
      `<rect y="${shore}" width="${width}" height="${height - shore}" fill="url(#water)"/>`,
  };
}

const mixed = (byte: number, tint: number, share: number) => (byte / 255) * (1 - share) + tint * share;
