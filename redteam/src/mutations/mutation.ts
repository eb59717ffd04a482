import type { Random } from '../random.ts';
import type { Seed } from '../seeds.ts';

/** How a seed is disguised. Pure: the same seed and the same chance give the same text. */
export interface Mutation {
  /** Unique, such as `leet-digits@marker`. */
  readonly name: string;
  readonly family: string;
  readonly apply: (seed: Seed, random: Random) => string;
}

/** A disguise of letters, for any text. */
export interface LetterTrick {
  readonly name: string;
  readonly apply: (text: string, random: Random) => string;
  /** Gives back lower-case ASCII words exactly. A trick without it loses something. */
  readonly undo?: (text: string) => string;
}

/** Tricks of one family as mutations, each over the whole prompt and over its marker alone. */
export function overTextAndMarker(family: string, tricks: readonly LetterTrick[]): Mutation[] {
  return tricks.flatMap(({ name, apply }) => [
    { name, family, apply: ({ text }, random) => apply(text, random) },
    {
      name: `${name}@marker`,
      family,
      apply: ({ text, marker }, random) => text.replace(marker, () => apply(marker, random)),
    },
  ]);
}

/** Puts something in the place of the marker. */
export function replacing(family: string, name: string, change: (marker: string, random: Random) => string): Mutation {
  return { name, family, apply: ({ text, marker }, random) => text.replace(marker, () => change(marker, random)) };
}

/** Puts the whole prompt into something. */
export function wrapping(family: string, name: string, change: (text: string, random: Random) => string): Mutation {
  return { name, family, apply: ({ text }, random) => change(text, random) };
}
