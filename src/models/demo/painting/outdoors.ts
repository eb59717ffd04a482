import type { Brief } from './brief.ts';
import { clouds } from './clouds.ts';
import { mix, tone } from './color.ts';
import { meadow } from './meadow.ts';
import { createNoise } from './noise.ts';
import { type Ground, type Ridge, ridge } from './ridge.ts';
import { type Orb, orbDisc, sky, stars } from './sky.ts';
import { skyline } from './skyline.ts';
import { balloon, birds, outdoorLight, sailboat } from './small-things.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';
import { conifers } from './trees.ts';
import { water } from './water.ts';

const COVER: Partial<Record<Brief['paletteName'], number>> = { storm: 0.85, snow: 0.55, night: 0.25, desert: 0.22 };

function has(brief: Brief, ...words: readonly string[]): boolean {
  return words.some((word) => brief.words.has(word));
}

/** Sky, stars, clouds and the orb: what every picture outdoors begins with. */
function heaven(surface: Surface, brief: Brief, orb: Orb, horizon: number): Layer[] {
  const { palette } = brief;
  const chance = brief.chance.fork('heaven');
  const seas = createNoise(chance.seed);
  const layers: Layer[] = [sky(surface, palette, orb, horizon)];
  if (palette.night) layers.push(stars(surface, palette.orb, chance.seed, horizon));
  const disc = orbDisc(surface, palette, orb, (x, y) => seas.fractal(x * 1.4, y * 1.4, 3));
  const cover = has(brief, 'cloud', 'clouds', 'cloudy') ? 0.8 : (COVER[brief.paletteName] ?? chance.between(0.3, 0.6));
  return [...layers, disc, clouds(surface, { palette, orb, seed: chance.seed + 1, cover, horizon })];
}

function placeOrb(brief: Brief, low: number): Orb {
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

/** Ridges that fade into the haze, with forest on the nearer ones, and a lake if the words ask for one. */
export function mountains(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const orb = placeOrb(brief, chance.between(0.36, 0.46));
  const desert = has(brief, 'desert', 'dune', 'dunes', 'sand', 'canyon');
  const hilly = has(brief, 'hill', 'hills', 'valley', 'forest', 'fog', 'mist');
  const count = 6;
  const lay: Layer[] = heaven(surface, brief, orb, 0.74);
  const aloft = has(brief, 'balloon', 'balloons') || chance.fork('balloon').between() < 0.16;
  if (aloft) lay.push(flyingBalloons(surface, brief, orb));
  const groundOf = (near: number): Ground => (desert ? (near < 0.3 ? 'rock' : 'dune') : hilly || near > 0.7 ? 'hill' : 'rock');
  const cover = new Float32Array(surface.width).fill(surface.height);
  const ranges: Layer[] = [];
  for (let index = count - 1; index >= 0; index--) {
    const near = index / (count - 1);
    const made = range(surface, brief, orb, { near, index, ground: groundOf(near), cover });
    ranges.unshift(made, ...(!desert && near > 0.45 ? [forestOn(surface, brief, made, near)] : []));
  }
  lay.push(...ranges);
  if (!aloft && !palette.night && chance.fork('birds').between() < 0.5) {
    lay.push(
      stampLayer(surface, birds(at(surface, 1 - orb.x, 0.3, 0.016), mix(palette.near, palette.haze, 0.35), chance.fork('flock')), {
        backdrop: true,
      }),
    );
  }
  return lay;
}

function range(
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
    (brief.paletteName === 'snow' || has(brief, 'snow', 'snowy', 'alps', 'winter') || brief.paletteName === 'day');
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

function forestOn(surface: Surface, brief: Brief, { crest }: Ridge, near: number): Layer {
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

function at({ width, height }: Surface, x: number, y: number, tall: number) {
  return { x: x * width, y: y * height, tall: tall * height };
}

function flyingBalloons(surface: Surface, brief: Brief, orb: Orb): Layer {
  const chance = brief.chance.fork('balloons');
  const bob = Math.sin(surface.moment * 2 * Math.PI) * 0.012;
  const x = orb.x < 0.5 ? chance.between(0.6, 0.72) : chance.between(0.28, 0.4);
  const main = balloon(at(surface, x, 0.33 + bob, 0.3), brief.palette, outdoorLight(brief.palette, orb, x), chance);
  const farX = orb.x < 0.5 ? x - 0.3 : x + 0.3;
  const far = balloon(at(surface, farX, 0.46 - bob, 0.085), brief.palette, outdoorLight(brief.palette, orb, farX), chance.fork('far'));
  return stampLayer(surface, [...far, ...main]);
}

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
  const calm = has(brief, 'lake', 'lagoon', 'bay', 'pond');
  const hulls = chance.fork('boat');
  lay.push(water(surface, { palette, orb, seed: chance.seed, horizon, swell: calm ? 0.15 : 0.75 }));
  const x = orb.x < 0.5 ? hulls.between(0.56, 0.7) : hulls.between(0.3, 0.44);
  if (!has(brief, 'empty')) lay.push(stampLayer(surface, [sailboat(at(surface, x, horizon + 0.045, 0.15), palette, hulls)]));
  if (!palette.night)
    lay.push(
      stampLayer(surface, birds(at(surface, 1 - orb.x, 0.1, 0.016), mix(palette.near, palette.haze, 0.4), chance.fork('flock')), {
        backdrop: true,
      }),
    );
  return lay;
}

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

/** A field in flower before far hills. */
export function field(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const orb = placeOrb(brief, chance.between(0.3, 0.4));
  const lay = heaven(surface, brief, orb, 0.62);
  const grass = palette.night ? mix([0.1, 0.2, 0.18], palette.near, 0.5) : mix([0.47, 0.6, 0.24], palette.near, 0.16);
  const cover = new Float32Array(surface.width).fill(surface.height);
  const soil = ridge(surface, {
    cover,
    ground: 'hill',
    seed: chance.seed + 5,
    base: 0.69,
    relief: 0.07,
    frequency: 0.8,
    tint: tone(grass, 0.92),
    haze: tone(grass, 0.45),
    mist: 0.9,
    lightFrom: orb.x < 0.5 ? 1 : -1,
    light: palette.glow,
    lightStrength: 0.16,
  });
  const hills: Layer[] = [];
  for (const [index, near] of [0.36, 0.22, 0.05].entries()) {
    const made = range(surface, { ...brief, chance: chance.fork('hills') }, orb, {
      near,
      index,
      ground: index === 2 ? 'rock' : 'hill',
      cover,
    });
    hills.unshift(made, ...(index === 0 ? [forestOn(surface, brief, made, 0.52)] : []));
  }
  lay.push(...hills, soil);
  if (has(brief, 'balloon', 'balloons')) lay.splice(4, 0, flyingBalloons(surface, brief, orb));
  lay.push(
    stampLayer(
      surface,
      meadow(surface, {
        ground: soil.crest,
        grass,
        light: mix(palette.glow, palette.orb, 0.4),
        blossoms: palette.accents,
        haze: mix(palette.haze, grass, 0.45),
        chance: chance.fork('meadow'),
        bloom: has(brief, 'grass', 'prairie') ? 0.4 : 1,
      }),
    ),
  );
  return lay;
}
