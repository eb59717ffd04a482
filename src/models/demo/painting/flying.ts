import type { Brief } from './brief.ts';
import { mix } from './color.ts';
import type { Orb } from './sky.ts';
import { balloon, birds, outdoorLight } from './small-things.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';

function at({ width, height }: Surface, x: number, y: number, tall: number) {
  return { x: x * width, y: y * height, tall: tall * height };
}

/** A large balloon opposite the orb, and a small far one. */
export function flyingBalloons(surface: Surface, brief: Brief, orb: Orb): Layer {
  const chance = brief.chance.fork('balloons');
  const bob = Math.sin(surface.moment * 2 * Math.PI) * 0.012;
  const x = orb.x < 0.5 ? chance.between(0.6, 0.72) : chance.between(0.28, 0.4);
  const main = balloon(at(surface, x, 0.27 + bob, 0.29), brief.palette, outdoorLight(brief.palette, orb, x), chance);
  const farX = orb.x < 0.5 ? x - 0.3 : x + 0.3;
  const far = balloon(at(surface, farX, 0.36 - bob, 0.085), brief.palette, outdoorLight(brief.palette, orb, farX), chance.fork('far'));
  return stampLayer(surface, [...far, ...main]);
}

/** Far birds on the other side of the sky; `y` is a share of the height. */
export function flock(surface: Surface, { palette, chance }: Brief, orb: Orb, y: number): Layer {
  const tint = mix(palette.near, palette.haze, 0.38);
  return stampLayer(surface, birds(at(surface, 1 - orb.x, y, 0.016), tint, chance.fork('flock')), { backdrop: true });
}
