import { pick, type Random, shuffled } from '../random.ts';
import { type Mutation, replacing } from './mutation.ts';

const VOWELS = ['a', 'e', 'i', 'o', 'u'] as const;
const CONSONANTS = ['b', 'd', 'f', 'k', 'l', 'm', 'n', 'r', 't', 'v', 'z'] as const;

/** Three syllables that can be said and mean nothing. */
function nonWord(random: Random): string {
  return Array.from({ length: 3 }, () => pick(CONSONANTS, random) + pick(VOWELS, random)).join('');
}

const soup = (count: number, random: Random) => Array.from({ length: count }, () => nonWord(random));

const family = 'token-soup';

/** MMA, Ring-A-Bell and P4D leave strings of tokens without grammar; SneakyPrompt puts non-words for words. */
export const SOUP: readonly Mutation[] = [
  ...[38, 77].map(
    (count): Mutation => ({
      name: `marker-in-${count}-tokens`,
      family,
      apply: ({ marker }, random) => {
        const tokens = soup(count - 2, random);
        return [...tokens.slice(0, count / 2), marker, ...tokens.slice(count / 2)].join(' ');
      },
    }),
  ),
  {
    name: 'all-shuffled',
    family,
    apply: ({ text, marker }, random) =>
      shuffled([...text.replace(marker, '').split(/\W+/).filter(Boolean), marker, ...soup(10, random)], random).join(' '),
  },
  replacing(family, 'spliced', (marker, random) => marker.replace(' ', ` ${nonWord(random)} `)),
  replacing(family, 'glued', (marker, random) => marker.replace(/\S+/g, (word) => word + pick(['ish', 'esque', 'like'], random))),
];
