import { blend, type Color, mix, tone } from './color.ts';
import { potProfile, roundProfile, type Turned } from './lathe.ts';
import { createNoise } from './noise.ts';
import type { Palette } from './palette.ts';
import type { Chance } from './random.ts';

export type Thing = 'ball' | 'apple' | 'pear' | 'orange' | 'vase' | 'bottle' | 'bowl';

/** The form and skin of a thing; `tall` in shares of the picture's height, `opening` a radius in shares of `tall`. */
export type Form = Pick<Turned, 'profile' | 'skin' | 'gloss'> & { readonly tall: number; readonly opening?: number };

export function formOf(thing: Thing, palette: Palette, chance: Chance): Form {
  return FORMS[thing](palette, chance);
}

const FORMS: Record<Thing, (palette: Palette, chance: Chance) => Form> = {
  ball: ({ accents: [accent] }) => ({ tall: 0.25, profile: roundProfile(() => 0.5), skin: () => accent, gloss: 0.85 }),
  apple: ({ accents: [accent] }, { seed }) => {
    const noise = createNoise(seed);
    const red = mix(accent, [0.78, 0.16, 0.14], 0.5);
    const skin = (around: number, down: number) =>
      blend(red, [0.92, 0.72, 0.3], share(0.75 * noise.fractal(around * 9, down * 1.6, 3) + 0.35 * (0.4 - down)) * 0.8);
    return { tall: 0.155, profile: roundProfile((angle) => 0.53 + 0.05 * Math.cos(angle)), skin, gloss: 0.55 };
  },
  pear: ({ accents: [, second] }, chance) => ({
    tall: 0.25,
    profile: roundProfile((angle) => 0.2 + 0.2 / (1 + Math.exp(-(angle - 1.5) * 5)) + 0.02 * Math.sin(angle)),
    skin: speckled(mix([0.74, 0.72, 0.3], second, 0.18), [0.72, 0.42, 0.2], { scale: 3.2, amount: 0.5, chance }),
    gloss: 0.3,
  }),
  orange: ({ accents: [, second] }, chance) => ({
    tall: 0.145,
    profile: roundProfile(() => 0.51),
    skin: speckled(mix([0.95, 0.56, 0.14], second, 0.12), [0.8, 0.38, 0.06], { scale: 26, amount: 0.35, chance }),
    gloss: 0.35,
  }),
  vase: ({ water, accents: [, , third] }, chance) => {
    const noise = createNoise(chance.seed);
    const glaze = mix(water, third, chance.between(0.25, 0.55));
    const [upper, lower] = [tone(glaze, 1.16), tone(glaze, 0.78)];
    const skin = (around: number, down: number) => blend(upper, lower, share((down - 0.3 + 0.12 * noise.at(around * 3, 2)) * 3));
    const profile = potProfile([0.125, 0.09, 0.085, 0.15, 0.245, 0.285, 0.265, 0.2, 0.13, 0.12]);
    return { tall: 0.42, profile, skin, gloss: 0.6, opening: 0.125 };
  },
  bottle: ({ near }) => {
    const glass = mix(near, [0.1, 0.3, 0.22], 0.55);
    const profile = potProfile([0.05, 0.05, 0.046, 0.048, 0.085, 0.15, 0.162, 0.162, 0.162, 0.16, 0.156]);
    return { tall: 0.46, profile, skin: () => glass, gloss: 0.95, opening: 0.05 };
  },
  bowl: ({ water, accents: [, , third] }, chance) => ({
    tall: 0.13,
    profile: potProfile([0.98, 0.95, 0.88, 0.76, 0.56, 0.36, 0.34]),
    skin: speckled(mix(third, [0.9, 0.87, 0.8], 0.5), water, { scale: 5, amount: 0.25, chance }),
    gloss: 0.5,
    opening: 0.98,
  }),
};

const share = (value: number) => Math.min(1, Math.max(0, value));

function speckled(base: Color, other: Color, { scale, amount, chance }: { scale: number; amount: number; chance: Chance }) {
  const noise = createNoise(chance.seed);
  return (around: number, down: number): Color =>
    blend(base, other, share(0.5 * amount + amount * noise.fractal(around * scale, down * scale, 3)));
}
