import type { Random } from './random.ts';

const SHARE_OF_WORDS = 0.4;
const SHORTEST = 4;

/** A copy with typing slips in some longer words, so that no verdict hangs on one letter. */
export function augment(words: readonly string[], random: Random): string[] {
  return words.flatMap((word) => (word.length < SHORTEST || random.next() > SHARE_OF_WORDS ? [word] : slip(word, random)));
}

function slip(word: string, random: Random): string[] {
  const at = 1 + random.below(word.length - 2);
  switch (random.below(3)) {
    case 0:
      return [word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)];
    case 1:
      return [word.slice(0, at) + word.slice(at + 1)];
    default:
      return [word.slice(0, at), word.slice(at)];
  }
}
