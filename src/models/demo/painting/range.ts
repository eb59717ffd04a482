import type { Brief } from './brief.ts';
import { mix } from './color.ts';
import { hasWord } from './heaven.ts';
import { type Ground, type Ridge, ridge } from './ridge.ts';
import type { Orb } from './sky.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';
import { conifers } from './trees.ts';

/** One chain of hills or mountains; `near` 0 (at the horizon) to 1 (at our feet). */
export function range(
  surface: Surface,
  brief: Brief,
  orb: Orb,
  { near, index, ground, cover }: { near: number; index: number; ground: Ground; cover: Float32Array },
): Ridge {
  const { palette, chance } = brief;
  const dice = chance.fork(`range ${index}`);
  const snowy =
    ground === 'rock' &&
    near < 0.6 &&
    (brief.paletteName === 'snow' || hasWord(brief, 'snow', 'snowy', 'alps', 'winter') || brief.paletteName === 'day');
  return ridge(surface, {
    ground,
    cover,
    seed: dice.seed,
    base: 0.6 + 0.4 * near ** 1.15,
    relief: ground === 'rock' ? 0.34 - 0.14 * near : ground === 'dune' ? 0.2 : 0.13 + 0.05 * near,
    frequency: ground === 'rock' ? 1.25 + 0.5 * near : ground === 'dune' ? 1.2 - 0.5 * near : 1.1 + 0.4 * near,
    tint: mix(palette.haze, palette.near, 0.12 + 0.86 * near ** 0.9),
    haze: mix(palette.haze, palette.sky[3], 0.45 * (1 - near)),
    mist: 0.9 - 0.55 * near,
    lightFrom: orb.x < 0.5 ? 1 : -1,
    light: mix(palette.glow, palette.orb, 0.3),
    lightStrength: (palette.night ? 0.08 : snowy ? 0.24 : 0.17) * (1 - 0.8 * near),
    ...(snowy ? { snow: mix(palette.orb, palette.haze, 0.12 + 0.2 * near) } : {}),
  });
}

/** Conifers on a chain. */
export function forestOn(surface: Surface, brief: Brief, { crest }: Ridge, near: number): Layer {
  const { palette, chance } = brief;
  const tall = surface.height * (0.018 + 0.13 * Math.max(0, near - 0.5) ** 1.2);
  return stampLayer(
    surface,
    conifers({
      ground: crest,
      tall,
      gap: tall * 0.17,
      tint: mix(palette.haze, palette.near, 0.3 + 0.7 * near),
      light: palette.glow,
      density: near > 0.9 ? 0.62 : 0.8,
      chance: chance.fork(`forest ${near}`),
    }),
  );
}
