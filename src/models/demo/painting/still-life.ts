import type { Brief } from './brief.ts';
import { blend, type Color, mix, toHex, tone } from './color.ts';
import { type Studio, turned } from './lathe.ts';
import { type Stamp, stampLayer } from './stamps.ts';
import { type Layer, type Surface, span } from './surface.ts';
import { room, woodFor } from './table.ts';
import { formOf, type Thing } from './things.ts';

const EDGE = 0.63;
const NAMES: Record<string, Thing> = {
  ball: 'ball',
  sphere: 'ball',
  apple: 'apple',
  apples: 'apple',
  pear: 'pear',
  pears: 'pear',
  orange: 'orange',
  oranges: 'orange',
  lemon: 'orange',
  lemons: 'orange',
  peach: 'apple',
  vase: 'vase',
  jug: 'vase',
  bottle: 'bottle',
  cup: 'bowl',
  bowl: 'bowl',
};

/** Things on a table by a window: what the words name, and a vase or fruit to keep it company. */
export function stillLife(surface: Surface, brief: Brief): Layer[] {
  const { palette, chance } = brief;
  const { width, height } = surface;
  const wood = woodFor(palette.near);
  const window = mix([1, 0.95, 0.84], palette.glow, 0.3);
  const wall = mix(mix(palette.haze, palette.sky[1], 0.45), [0.62, 0.6, 0.56], 0.25);
  const shadow = mix(palette.near, palette.sky[0], 0.45);
  const length = Math.hypot(-0.62, -0.55, 0.56);
  const studio: Studio = { toward: [-0.62 / length, -0.55 / length, 0.56 / length], window, shadow: mix(wall, shadow, 0.3), bounce: wood };
  const placed = arrange(brief).map(({ thing, x, depth }, index) => {
    const form = formOf(thing, brief.palette, chance.fork(`thing ${index}`));
    const foot = (EDGE + 0.06 + depth * 0.2) * height;
    const tall = form.tall * height * (1.02 + 0.3 * depth);
    return { thing, form, x: width / 2 + x * height, foot, tall, radius: widest(form.profile) * tall };
  });
  const stamps = placed.flatMap(({ thing, form, x, foot, tall }) => [
    turned({ ...form, x, foot, tall, studio }),
    ...(form.opening ? [mouth(x, foot - tall, form.opening * tall, form.skin(-0.3, 0.1))] : []),
    ...(thing === 'apple' || thing === 'pear' ? [stem(x, foot - tall, tall)] : []),
  ]);
  return [room(surface, { wall, wood, window, shadow, edge: EDGE, shades: placed, seed: chance.seed }), stampLayer(surface, stamps)];
}

interface Place {
  readonly thing: Thing;
  /** From the middle, in picture heights. */
  readonly x: number;
  /** 0 at the back of the table – 1 in front. */
  readonly depth: number;
}

/** Back to front. The named thing stands a third from the left in front; a tall thing behind it balances. */
function arrange(brief: Brief): Place[] {
  const chance = brief.chance.fork('arrangement');
  const named = Array.from(brief.words, (word) => NAMES[word]).filter((thing) => thing !== undefined);
  const fruit = named.length === 0 || brief.words.has('fruit');
  const first: Thing = named[0] ?? chance.pick(['pear', 'apple', 'orange']);
  const second: Thing =
    named[1] ?? (first === 'vase' || first === 'bottle' ? chance.pick(['pear', 'orange', 'apple']) : chance.pick(['vase', 'bottle']));
  const isTall = (thing: Thing) => thing === 'vase' || thing === 'bottle';
  const [back, front] = isTall(first) && !isTall(second) ? [first, second] : [second, first];
  const places: Place[] = [
    { thing: back, x: chance.between(0.09, 0.15), depth: 0.1 },
    { thing: front, x: chance.between(-0.17, -0.11), depth: 0.5 },
  ];
  if (fruit) places.push({ thing: front === 'pear' ? 'apple' : 'pear', x: chance.between(0.29, 0.34), depth: 0.34 });
  if (fruit || chance.between() < 0.5) places.push({ thing: 'orange', x: chance.between(0.08, 0.15), depth: 0.78 });
  return places.toSorted((a, b) => a.depth - b.depth);
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
    svg: () => `<path d="M${x} ${top}l${size * 0.3} ${-size}" stroke="#442e1c" stroke-width="${size * 0.14}"/>`,
  };
}

/** The opening of a pot, seen a little from above: a bright lip around a dark inside. */
function mouth(x: number, top: number, radius: number, skin: Color): Stamp {
  const flat = radius * 0.17;
  const lip = tone(skin, 1.12);
  const inside = tone(skin, 0.42);
  const outer = (y: number) => Math.sqrt(Math.max(0, 1 - ((y + 0.5 - top) / flat) ** 2)) * radius;
  const inner = (y: number) => Math.sqrt(Math.max(0, 1 - ((y + 0.5 - top) / (flat * 0.8)) ** 2)) * radius * 0.93;
  return {
    top: Math.floor(top - flat),
    bottom: Math.ceil(top + flat),
    paint(row, y) {
      if (outer(y) > 0) span(row, x - outer(y), x + outer(y), lip);
      // Light from the left reaches the right side of the inside.
      if (inner(y) > 0) span(row, x - inner(y), x + inner(y), inside);
      if (inner(y) > 0) span(row, x + inner(y) * 0.1, x + inner(y), blend(inside, lip, 0.4), 0.5);
    },
    svg: () => `<ellipse cx="${x}" cy="${top}" rx="${radius}" ry="${flat}" fill="${toHex(inside)}"/>`,
  };
}
