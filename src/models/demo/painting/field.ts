import type { Brief } from './brief.ts';
import { type Color, mix, tone } from './color.ts';
import { flyingBalloons } from './flying.ts';
import { hasWord, heaven, placeOrb } from './heaven.ts';
import { loneTree } from './lone-tree.ts';
import { meadow } from './meadow.ts';
import { forestOn, range } from './range.ts';
import { ridge } from './ridge.ts';
import { stampLayer } from './stamps.ts';
import type { Layer, Surface } from './surface.ts';

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
    haze: tone(grass, 0.6),
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
    hills.unshift(...(index === 0 ? [forestOn(surface, brief, made, 0.52)] : []), made);
  }
  lay.push(...hills, soil);
  if (hasWord(brief, 'balloon', 'balloons')) lay.splice(4, 0, flyingBalloons(surface, brief, orb));
  const lightFrom = orb.x < 0.5 ? -1 : 1;
  const treeX = Math.round(surface.width * (orb.x < 0.5 ? 0.64 : 0.36));
  const light = mix(palette.glow, palette.orb, 0.4);
  const tree = {
    x: treeX,
    foot: (soil.crest[treeX] ?? 0) + surface.height * 0.035,
    tall: surface.height * 0.5,
    leaf: treeLeaf(brief),
    bark: mix([0.3, 0.2, 0.14], palette.near, 0.4),
    light,
    lightFrom,
    chance: chance.fork('tree'),
  };
  if (hasWord(brief, 'tree', 'oak')) lay.push(stampLayer(surface, loneTree(tree)));
  lay.push(
    stampLayer(
      surface,
      meadow(surface, {
        ground: soil.crest,
        grass,
        light,
        blossoms: palette.accents,
        haze: mix(palette.haze, grass, 0.45),
        chance: chance.fork('meadow'),
        bloom: hasWord(brief, 'grass', 'prairie', 'tree', 'oak') ? 0.3 : 1,
      }),
    ),
  );
  return lay;
}

/** Autumn and blossom are read from the prompt; else leaves are green. */
function treeLeaf({ words, palette }: Brief): Color {
  if (words.has('autumn') || words.has('fall')) return mix([0.85, 0.45, 0.12], palette.near, 0.08);
  if (words.has('blossom') || words.has('cherry')) return mix([0.93, 0.62, 0.7], palette.near, 0.06);
  return mix([0.28, 0.48, 0.2], palette.near, palette.night ? 0.7 : 0.22);
}
