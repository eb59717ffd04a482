import { undoubled, type WordBook } from './word-book.ts';

/**
 * The word of the book that a stretched word stands for: `puuurple`, `ppuurrppllee`. One or two doubled letters are
 * how many honest words are spelled, so those count only when `isLoose`.
 */
export function unstretch(word: string, book: WordBook, isLoose = false): string | undefined {
  const doubles = word.match(/(.)\1+/gu);
  if (doubles === null) return undefined;
  const isClear = isLoose || doubles.length > 2 || doubles.some((run) => run.length > 2);
  if (!isClear) return undefined;
  const single = undoubled(word);
  let best: string | undefined;
  for (const candidate of [single, ...book.withDoubles(single)])
    if (book.has(candidate) && candidate.length > 2 && isWithin(candidate, word))
      if (best === undefined || rankOf(candidate, book) < rankOf(best, book)) best = candidate;
  return best;
}

export function rankOf(word: string, book: WordBook): number {
  return (book.costOf(word) ?? 99) - (book.isRisky(word) ? 20 : 0);
}

/** True when no letter of `candidate` is repeated more often than in `word`; both have the same runs. */
function isWithin(candidate: string, word: string): boolean {
  const runs = word.match(/(.)\1*/gu) ?? [];
  return (candidate.match(/(.)\1*/gu) ?? []).every((run, index) => run.length <= (runs[index]?.length ?? 0));
}

/** Every run of letters as it was before some of its letters were written three times; `oooo` was `oo`. */
export function lessStretched(word: string): string {
  return word.replace(/([^0-9])\1+/gu, (run, letter: string) => {
    const letters = run.length / letter.length;
    const least = Math.ceil(letters / 3);
    return letter.repeat(least + ((letters - least) % 2));
  });
}
