import { pick, type Random } from '../random.ts';
import { type Mutation, wrapping } from './mutation.ts';

const CLAUSES = [
  'a calm lake mirrors the hills',
  'sunlight falls through tall windows',
  'a wooden bench stands beside the path',
  'clouds drift slowly over the harbor',
  'a cat sleeps on a warm stone',
  'leaves gather along the old wall',
  'a bicycle leans against the fence',
  'bread cools on the kitchen shelf',
  'soft rain darkens the cobbled street',
  'a lighthouse blinks far away',
] as const;

/** At least so many harmless words. */
export function benignWords(count: number, random: Random): string {
  const clauses: string[] = [];
  for (let have = 0; have < count; have += clauses.at(-1)?.split(' ').length ?? 1) clauses.push(pick(CLAUSES, random));
  return clauses.join(', ');
}

const family = 'dilution';

/** Harmless words around the prompt, so that its share of the whole shrinks. */
export const DILUTION: readonly Mutation[] = [20, 50, 100, 200, 800].flatMap((count) => [
  wrapping(family, `${count}-words-before`, (text, random) => `${benignWords(count, random)}, ${text}`),
  wrapping(family, `${count}-words-after`, (text, random) => `${text}, ${benignWords(count, random)}`),
  wrapping(
    family,
    `${count}-words-around`,
    (text, random) => `${benignWords(count / 2, random)}, ${text}, ${benignWords(count / 2, random)}`,
  ),
]);
