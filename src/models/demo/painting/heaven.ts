import type { Brief } from './brief.ts';
import { clouds } from './clouds.ts';
import { createNoise } from './noise.ts';
import { type Orb, orbDisc, sky, stars } from './sky.ts';
import type { Layer, Surface } from './surface.ts';

const COVER: Partial<Record<Brief['paletteName'], number>> = { storm: 0.85, snow: 0.55, night: 0.25, desert: 0.22 };

/** Sky, stars, clouds and the orb: what every picture outdoors begins with. */
export function heaven(surface: Surface, brief: Brief, orb: Orb, horizon: number): Layer[] {
  const { palette } = brief;
  const chance = brief.chance.fork('heaven');
  const seas = createNoise(chance.seed);
  const layers: Layer[] = [sky(surface, palette, orb, horizon)];
  if (palette.night) layers.push(stars(surface, palette.orb, chance.seed, horizon));
  const disc = orbDisc(surface, palette, orb, (x, y) => seas.fractal(x * 1.4, y * 1.4, 3));
  const cover = hasWord(brief, 'cloud', 'clouds', 'cloudy') ? 0.8 : (COVER[brief.paletteName] ?? chance.between(0.3, 0.6));
  return [...layers, disc, clouds(surface, { palette, orb, seed: chance.seed + 1, cover, horizon })];
}

/** Where the sun or moon stands: low, or high at night and at noon. `low` is a share of the height. */
export function placeOrb(brief: Brief, low: number): Orb {
  const chance = brief.chance.fork('orb');
  const side = chance.pick([chance.between(0.2, 0.38), chance.between(0.62, 0.8)]);
  const { night } = brief.palette;
  const high = night || brief.paletteName === 'day' || brief.paletteName === 'storm';
  return {
    x: side,
    y: high ? chance.between(0.15, 0.27) : low,
    radius: night ? chance.between(0.034, 0.05) : chance.between(0.036, 0.055),
  };
}

/** Whether the prompt has one of these words. */
export function hasWord(brief: Brief, ...words: readonly string[]): boolean {
  return words.some((word) => brief.words.has(word));
}
