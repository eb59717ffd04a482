import type { Brief } from './brief.ts';
import { blend, type Color, mix, tone } from './color.ts';
import { potProfile, roundProfile, type Studio, type Turned, turned } from './lathe.ts';
import { createNoise, type Noise } from './noise.ts';
import type { Chance } from './random.ts';
import { type Stamp, stampLayer } from './stamps.ts';
import { type Layer, type Surface, span } from './surface.ts';
import { room, woodFor } from './table.ts';

type Thing = 'ball' | 'apple' | 'pear' | 'orange' | 'vase' | 'bottle' | 'bowl';
type Form = Pick<Turned, 'profile' | 'skin' | 'gloss'> & { readonly tall: number };

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
    const form = formOf(thing, brief, createNoise(chance.seed + index), chance.fork(`thing ${index}`));
    const foot = (EDGE + 0.06 + depth * 0.2) * height;
    const tall = form.tall * height * (1.02 + 0.3 * depth);
    return { thing, form, x: width / 2 + x * height, foot, tall, radius: widest(form.profile) * tall };
  });
  const stamps = placed.flatMap(({ thing, form, x, foot, tall }) => [
    turned({ ...form, x, foot, tall, studio }),
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

function formOf(thing: Thing, brief: Brief, noise: Noise, chance: Chance): Form {
  const [accent, second, third] = brief.palette.accents;
  const speckled = (base: Color, other: Color, scale: number, amount: number) => (around: number, down: number) =>
    blend(base, other, Math.min(1, Math.max(0, 0.5 * amount + amount * noise.fractal(around * scale, down * scale, 3))));
  switch (thing) {
    case 'ball':
      return { tall: 0.25, profile: roundProfile(() => 0.5), skin: () => accent, gloss: 0.85 };
    case 'apple': {
      const red = mix(accent, [0.78, 0.16, 0.14], 0.5);
      const streaks = (around: number, down: number) =>
        blend(red, [0.92, 0.72, 0.3], Math.min(0.8, Math.max(0, 0.75 * noise.fractal(around * 9, down * 1.6, 3) + 0.35 * (0.4 - down))));
      return { tall: 0.155, profile: roundProfile((angle) => 0.53 + 0.05 * Math.cos(angle)), skin: streaks, gloss: 0.55 };
    }
    case 'pear': {
      const pear = mix([0.74, 0.72, 0.3], second, 0.18);
      return {
        tall: 0.25,
        profile: roundProfile((angle) => 0.2 + 0.2 / (1 + Math.exp(-(angle - 1.5) * 5)) + 0.02 * Math.sin(angle)),
        skin: speckled(pear, [0.72, 0.42, 0.2], 3.2, 0.5),
        gloss: 0.3,
      };
    }
    case 'orange':
      return {
        tall: 0.145,
        profile: roundProfile(() => 0.51),
        skin: speckled(mix([0.95, 0.56, 0.14], second, 0.12), [0.8, 0.38, 0.06], 26, 0.35),
        gloss: 0.35,
      };
    case 'vase': {
      const glaze = mix(brief.palette.water, third, chance.between(0.25, 0.55));
      const drip = (around: number, down: number) =>
        blend(tone(glaze, 1.16), tone(glaze, 0.78), Math.min(1, Math.max(0, (down - 0.3 + 0.12 * noise.at(around * 3, 2)) * 3)));
      return { tall: 0.42, profile: potProfile([0.125, 0.09, 0.085, 0.15, 0.245, 0.285, 0.265, 0.2, 0.13, 0.12]), skin: drip, gloss: 0.6 };
    }
    case 'bottle':
      return {
        tall: 0.46,
        profile: potProfile([0.048, 0.05, 0.046, 0.048, 0.085, 0.15, 0.162, 0.162, 0.162, 0.158, 0.15]),
        skin: () => mix(brief.palette.near, [0.1, 0.3, 0.22], 0.55),
        gloss: 0.95,
      };
    case 'bowl':
      return {
        tall: 0.13,
        profile: potProfile([0.98, 0.95, 0.88, 0.76, 0.56, 0.34, 0.3]),
        skin: speckled(tone(third, 0.95), brief.palette.water, 5, 0.25),
        gloss: 0.5,
      };
  }
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
