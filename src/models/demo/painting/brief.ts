import { type Color, color, mix } from './color.ts';
import { PALETTE_NAMES, type Palette, type PaletteName, paletteNamed, withAccent } from './palette.ts';
import { type Chance, chance, hashText } from './random.ts';

export const FAMILIES = ['still_life', 'city', 'seascape', 'meadow', 'paper', 'mountains'] as const;
export type Family = (typeof FAMILIES)[number];

/** What to paint, read from the prompt. */
export interface Brief {
  readonly family: Family;
  readonly palette: Palette;
  /** Color of the table, when the prompt gives it one. */
  readonly ground?: Color;
  readonly paletteName: PaletteName;
  readonly words: ReadonlySet<string>;
  readonly chance: Chance;
}

const FAMILY_WORDS: Record<Family, string> = {
  still_life:
    'table ball balls sphere fruit apple apples orange oranges pear pears peach lemon lemons bowl vase bottle cup jug still-life kitchen',
  city: 'city skyline town street building buildings tower towers skyscraper skyscrapers downtown urban harbor',
  seascape: 'sea ocean beach coast shore boat sailboat ship sail island lake bay river water lagoon lighthouse',
  meadow:
    'tree oak flower flowers field meadow garden tulip tulips poppy poppies lavender grass prairie spring rose roses sunflower sunflowers',
  paper: 'abstract pattern paper geometric wave waves shape shapes gradient texture minimal wallpaper background swirl marble layers',
  mountains:
    'mountain mountains hill hills forest desert dune dunes snow snowy valley landscape trees alps canyon fog mist balloon balloons sky',
};

const PALETTE_WORDS: Record<PaletteName, string> = {
  sunset: 'sunset dusk evening orange',
  dawn: 'dawn sunrise morning pastel soft mist fog misty foggy',
  day: 'day noon sunny bright blue clear',
  night: 'night midnight moon moonlight moonlit stars starry dark black',
  ocean: 'ocean tropical lagoon turquoise teal cyan',
  forest: 'forest green woods jungle spring',
  desert: 'desert dune dunes sand canyon brown',
  snow: 'snow snowy winter ice white alps',
  crimson: 'red crimson scarlet fire volcano',
  amber: 'yellow gold golden amber autumn fall',
  violet: 'purple violet lavender magenta',
  rose: 'pink rose blossom peach',
  storm: 'storm stormy rain grey gray cloudy silver',
};

const ACCENTS: Record<string, Color> = {
  red: color('#d8323a'),
  orange: color('#f0832f'),
  oranges: color('#f0832f'),
  yellow: color('#f4c430'),
  lemon: color('#f6d33c'),
  lemons: color('#f6d33c'),
  gold: color('#dfae3a'),
  green: color('#4f9d55'),
  teal: color('#2a9d94'),
  blue: color('#2f6fd0'),
  purple: color('#7d4fc0'),
  violet: color('#7d4fc0'),
  lavender: color('#9a7fd6'),
  pink: color('#ee7fa8'),
  white: color('#f4f1ea'),
  black: color('#2b2d33'),
  brown: color('#8a5a3b'),
  apple: color('#cf3a34'),
  apples: color('#cf3a34'),
  poppies: color('#e0362c'),
  sunflowers: color('#f5bd2a'),
};

/** Painted wood in a room is never as bright as its paint. */
const TABLE_TONE: Color = [0.42, 0.4, 0.42];
/** What a color word may belong to instead of the subject: "a red ball on a blue table". */
const GROUNDS: ReadonlySet<string> = new Set(['table', 'tablecloth', 'desk', 'floor']);
/** Families whose subject takes the color word, so that the room or sky around it may be another. */
const COLORED_SUBJECT: ReadonlySet<Family> = new Set(['still_life', 'meadow', 'paper']);
const INDOOR_PALETTES = ['dawn', 'amber', 'storm', 'ocean', 'rose', 'forest'] as const;

/**
 * Reads a prompt: which composition, which light. Whatever the words do not say is left to a hash of prompt, seed and
 * index, so the same request gives the same picture. No word makes it paint a person, and no word makes it fail.
 */
export function readBrief(prompt: string, seed: number, index: number): Brief {
  const ordered = prompt.toLowerCase().match(/\p{L}+/gu) ?? [];
  const words = new Set(ordered);
  const dice = chance(hashText(`${prompt}|${seed}|${index}`));
  // The look belongs to the prompt alone: `n` pictures of one prompt are variations on it, not ten different ideas.
  const look = chance(hashText(ordered.join(' ')));
  const family = bestMatch(FAMILIES, FAMILY_WORDS, ordered) ?? look.pick(['mountains', 'mountains', 'seascape', 'meadow', 'city', 'paper']);
  const groundAt = ordered.findIndex((word, at) => GROUNDS.has(word) && accentOf(ordered[at - 1]) !== undefined);
  const ground = accentOf(ordered[groundAt - 1]);
  const accent = ordered.map((word, at) => (at === groundAt - 1 ? undefined : accentOf(word))).find((found) => found !== undefined);
  const ownColor = accent !== undefined && COLORED_SUBJECT.has(family);
  const lightWords = COLORED_SUBJECT.has(family) && family !== 'paper' ? ordered.filter((word) => accentOf(word) === undefined) : ordered;
  const paletteName = bestMatch(PALETTE_NAMES, PALETTE_WORDS, lightWords) ?? usualPalette(family, look);
  const palette = paletteNamed(paletteName);
  return {
    family,
    paletteName,
    words,
    chance: dice,
    palette: ownColor ? withAccent(palette, accent) : palette,
    ...(ground === undefined ? {} : { ground: mix(ground, TABLE_TONE, 0.38) }),
  };
}

function accentOf(word: string | undefined): Color | undefined {
  return word !== undefined && Object.hasOwn(ACCENTS, word) ? ACCENTS[word] : undefined;
}

function usualPalette(family: Family, look: Chance): PaletteName {
  if (family === 'still_life') return look.pick(INDOOR_PALETTES);
  if (family === 'city') return look.pick(['sunset', 'violet', 'night', 'dawn', 'crimson']);
  if (family === 'meadow') return look.pick(['day', 'dawn', 'sunset', 'forest', 'rose']);
  if (family === 'seascape') return look.pick(['ocean', 'sunset', 'dawn', 'violet', 'day']);
  return look.pick(['sunset', 'dawn', 'day', 'forest', 'violet', 'rose', 'desert', 'amber', 'snow', 'ocean']);
}

/** The choice with the most words of the prompt; the earlier choice on a tie; none without a word. */
function bestMatch<Choice extends string>(
  choices: readonly Choice[],
  vocabulary: Readonly<Record<Choice, string>>,
  words: readonly string[],
): Choice | undefined {
  let best: Choice | undefined;
  let most = 0;
  for (const choice of choices) {
    const known = vocabulary[choice].split(' ');
    const count = words.filter((word) => known.includes(word)).length;
    if (count > most) [best, most] = [choice, count];
  }
  return best;
}
