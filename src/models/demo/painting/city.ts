import type { Brief } from './brief.ts';
import { mix } from './color.ts';
import { heaven, placeOrb } from './heaven.ts';
import { skyline } from './skyline.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';
import { water } from './water.ts';

/** Towers in three distances over still water, windows lit. */
export function city(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const shore = 0.75;
  const orb = placeOrb(brief, chance.between(0.4, 0.5));
  const lay = heaven(surface, brief, orb, shore);
  const bright =
    brief.paletteName === 'day' || brief.paletteName === 'dawn' || brief.paletteName === 'snow' || brief.paletteName === 'storm';
  for (const [index, near] of [0, 0.5, 1].entries()) {
    lay.push(
      stampLayer(
        surface,
        skyline(surface, {
          street: surface.height * shore,
          story: surface.height * (0.17 - 0.015 * index),
          tint: mix(palette.haze, palette.near, 0.22 + 0.7 * near),
          haze: mix(palette.haze, palette.glow, 0.35),
          light: mix([1, 0.84, 0.5], palette.glow, 0.25),
          lit: (bright ? 0.1 : 0.36) * (0.35 + 0.65 * near),
          chance: chance.fork(`houses ${index}`),
        }),
      ),
    );
  }
  return [...lay, water(surface, { palette, orb, seed: chance.seed, horizon: shore, swell: 0.12 })];
}
