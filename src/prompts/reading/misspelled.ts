import type { WordBook } from './word-book.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** In bits: how much likelier somebody hides a word of the rules. */
const RISKY_BONUS = 1;

function costOf(word: string, book: WordBook): number {
  return (book.costOf(word) ?? 99) - (book.isRisky(word) ? RISKY_BONUS : 0);
}

/**
 * The likeliest word of the book that becomes `text` when two neighboring letters change places or one letter is
 * dropped; words of the rules are preferred. About 27 look-ups for each letter.
 */
export function likeliestSpelling(text: string, book: WordBook): string | undefined {
  let best: string | undefined;
  const consider = (candidate: string) => {
    if (book.has(candidate) && (best === undefined || costOf(candidate, book) < costOf(best, book))) best = candidate;
  };
  for (let at = 0; at < text.length; at++) {
    const [head, tail] = [text.slice(0, at), text.slice(at)];
    if (tail.length > 1) consider(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
    // The first letter is what readers hold on to; words that lose it are told apart by nothing.
    if (at > 0) for (const letter of ALPHABET) consider(head + letter + tail);
  }
  for (const letter of ALPHABET) consider(text + letter);
  return best;
}

/** The word of the rules that is spelled wrongly in one of these ways, found with few look-ups. */
export function riskySpelling(text: string, book: WordBook): string | undefined {
  const [dropped] = book.riskyWithout(text);
  if (dropped !== undefined) return dropped;
  for (let at = 0; at + 1 < text.length; at++) {
    const swapped = text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
    if (book.isRisky(swapped)) return swapped;
  }
  return undefined;
}
