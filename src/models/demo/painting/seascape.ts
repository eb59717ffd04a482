import type { Brief } from './brief.ts';
import { mix } from './color.ts';
import { flock } from './flying.ts';
import { hasWord, heaven, placeOrb } from './heaven.ts';
import { lighthouse } from './lighthouse.ts';
import { ridge } from './ridge.ts';
import { sailboat } from './small-things.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';
import { water } from './water.ts';

/** Sea or lake under a wide sky; islands and a sail on the horizon. */
export function seascape(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const horizon = chance.between(0.54, 0.62);
  const orb = placeOrb(brief, horizon - chance.between(0.09, 0.17));
  const lay = heaven(surface, brief, orb, horizon);
  const isles = chance.fork('isles');
  const cover = new Float32Array(surface.width).fill(horizon * surface.height + 1);
  for (const [index, near] of [0.1, 0.35].entries()) {
    lay.push(
      ridge(surface, {
        ground: 'rock',
        // The sea hides the foot, not the nearer isle: they are painted far to near.
        cover: Float32Array.from(cover),
        seed: isles.seed + index,
        base: horizon + 0.035 - 0.01 * index,
        relief: 0.15 - 0.05 * index,
        frequency: 0.9 + 0.5 * index,
        tint: mix(palette.haze, palette.near, 0.15 + near),
        haze: mix(palette.haze, palette.sky[3], 0.5),
        mist: 0.75,
        lightFrom: orb.x < 0.5 ? 1 : -1,
        light: palette.glow,
        lightStrength: palette.night ? 0.1 : 0.25,
      }),
    );
  }
  if (hasWord(brief, 'lighthouse')) {
    const [x, foot] = [(orb.x < 0.5 ? 0.8 : 0.2) * surface.width, (horizon - 0.025) * surface.height];
    const tower = { x, foot, tall: surface.height * 0.23, palette, lightFrom: orb.x < 0.5 ? -1 : 1 };
    lay.push(stampLayer(surface, [lighthouse(tower)]));
  }
  const calm = hasWord(brief, 'lake', 'lagoon', 'bay', 'pond');
  const hulls = chance.fork('boat');
  lay.push(water(surface, { palette, orb, seed: chance.seed, horizon, swell: calm ? 0.15 : 0.75 }));
  const x = orb.x < 0.5 ? hulls.between(0.56, 0.7) : hulls.between(0.3, 0.44);
  if (!hasWord(brief, 'empty'))
    lay.push(
      stampLayer(surface, [
        sailboat({ x: x * surface.width, y: (horizon + 0.045) * surface.height, tall: 0.15 * surface.height }, palette, hulls),
      ]),
    );
  if (!palette.night) lay.push(flock(surface, brief, orb, 0.1));
  return lay;
}
