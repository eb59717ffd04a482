import { wordsOf } from '../reading/normalize.ts';
import { isUnspaced } from '../reading/scripts.ts';
import type { TermWord } from './vocabulary.ts';

/** Reads terms as canonical words. Make one for all terms of a set: it remembers parts, which groups repeat thousands of times. */
export function createTermReader(): (term: string) => TermWord[] {
  const known = new Map<string, readonly TermWord[]>();
  return (term) =>
    term.split(' ').flatMap((part) => {
      const earlier = known.get(part);
      if (earlier !== undefined) return earlier;
      const words = readPart(part);
      known.set(part, words);
      return words;
    });
}

const PLAIN = /^[a-z]+$/;

/** Folded only: a term says what it means, so no trick is undone in it. A star makes the last word a beginning. */
function readPart(part: string): readonly TermWord[] {
  if (PLAIN.test(part)) return [{ text: part, isBeginning: false }];
  const words = wordsOf(part).flatMap((text) => (isUnspaced(text) ? [...text] : [text]));
  return words.map((text, index) => ({ text, isBeginning: part.endsWith('*') && index === words.length - 1 }));
}

/** What is wrong with a term, if anything. */
export function flawOfTerm(words: readonly TermWord[]): string | undefined {
  // A term of one letter, such as what is left of a masked word, would flag most prompts.
  const letters = words.reduce((count, { text }) => count + text.length, 0);
  if (letters < 2 && !isUnspaced(words[0]?.text ?? '')) return 'a term must have two letters or more';
  const short = words.some(({ text, isBeginning }) => isBeginning && text.length < (LATIN.test(text) ? 3 : 2));
  return short ? 'a word before a star must have three letters or more (two, if not Latin)' : undefined;
}

const LATIN = /^\p{Script=Latin}/u;
