import { arrange, type Place } from './arrange.ts';
import type { Brief } from './brief.ts';
import { type Color, mix } from './color.ts';
import { type Studio, turned } from './lathe.ts';
import { heldIn, mouth } from './pot-mouth.ts';
import { type Stamp, stampLayer } from './stamps.ts';
import { type Layer, type Surface, span } from './surface.ts';
import { room, woodFor } from './table.ts';
import { type Form, formOf, type Thing } from './things.ts';

const EDGE = 0.63;
/** Where fruit lies in a bowl: from its middle and above its rim, in radii of the opening; back to front. */
const HELD_AT = [
  { x: -0.36, up: 0.02 },
  { x: 0.3, up: 0 },
  { x: -0.02, up: -0.13 },
] as const;

interface Standing {
  readonly thing: Thing;
  readonly form: Form;
  readonly x: number;
  readonly foot: number;
  readonly tall: number;
}

/** Things on a table by a window: what the words name, and a vase or fruit to keep it company. */
export function stillLife(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const { width, height } = surface;
  const wood = brief.ground ?? woodFor(palette.near);
  const window = mix([1, 0.95, 0.84], palette.glow, 0.3);
  const wall = mix(mix(palette.haze, palette.sky[1], 0.45), [0.62, 0.6, 0.56], 0.25);
  const shadow = mix(palette.near, palette.sky[0], 0.45);
  const length = Math.hypot(-0.62, -0.55, 0.56);
  const studio: Studio = { toward: [-0.62 / length, -0.55 / length, 0.56 / length], window, shadow: mix(wall, shadow, 0.3), bounce: wood };
  const placed = arrange(brief, surface.cutOut).map((place, index) => {
    const form = formOf(place.thing, palette, chance.fork(`thing ${index}`));
    const foot = (EDGE + 0.06 + place.depth * 0.2) * height;
    const tall = form.tall * height * (1.02 + 0.3 * place.depth);
    return { ...place, form, x: width / 2 + place.x * height, foot, tall, radius: widest(form.profile) * tall };
  });
  const stamps = placed.flatMap((one, index) => [...stand(one, studio), ...heldBy(one, brief, studio, index)]);
  return [room(surface, { wall, wood, window, shadow, edge: EDGE, shades: placed, seed: chance.seed }), stampLayer(surface, stamps)];
}

function stand({ thing, form, x, foot, tall }: Standing, studio: Studio): Stamp[] {
  return [
    turned({ ...form, x, foot, tall, studio }),
    ...(form.opening ? [mouth({ x, top: foot - tall, radius: form.opening * tall }, form.skin(-0.3, 0.1))] : []),
    ...(thing === 'apple' || thing === 'pear' ? [stem(x, foot - tall, tall)] : []),
  ];
}

function heldBy({ form, x, foot, tall, fruit }: Standing & Pick<Place, 'fruit'>, brief: Brief, studio: Studio, index: number): Stamp[] {
  if (form.opening === undefined) return [];
  const opening = { x, top: foot - tall, radius: form.opening * tall };
  return fruit.flatMap((thing, nth) => {
    const one = formOf(thing, brief.palette, brief.chance.fork(`held ${index} ${nth}`));
    const at = HELD_AT[nth] ?? HELD_AT[0];
    const size = (one.tall / form.tall) * tall * 0.92;
    const standing = { thing, form: one, x: x + at.x * opening.radius, foot: opening.top + (0.34 - at.up) * opening.radius, tall: size };
    return stand(standing, studio).map((stamp) => heldIn(opening, stamp));
  });
}

function widest(profile: (down: number) => number): number {
  return Math.max(...Array.from({ length: 21 }, (_, index) => profile(index / 20)));
}

function stem(x: number, top: number, tall: number): Stamp {
  const size = tall * 0.2;
  const tint: Color = [0.27, 0.18, 0.11];
  return {
    top: Math.floor(top - size * 0.75),
    bottom: Math.ceil(top + size * 0.3),
    paint(row, y) {
      const up = (top + size * 0.3 - y) / size;
      const middle = x + size * 0.35 * up * up;
      span(row, middle - size * 0.07 - 0.2, middle + size * (0.07 + 0.03 * up) + 0.2, tint);
    },
    svg: () =>
      `<path d="M${x.toFixed(1)} ${top.toFixed(1)}l${(size * 0.3).toFixed(1)} ${(-size).toFixed(1)}" stroke="#442e1c" stroke-width="${(size * 0.14).toFixed(1)}"/>`,
  };
}
