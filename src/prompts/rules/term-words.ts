import { wordsOf } from '../reading/normalize.ts';
import type { TermWord } from './vocabulary.ts';

/** Scripts that put no space between words; in them every character counts as a word, so a term is found inside a run. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** True when a canonical word is matched character by character. */
export function isUnspaced(word: string): boolean {
  // ASCII, Latin, Greek, Cyrillic, Arabic and Devanagari end below Thai.
  return word.length > 0 && word.charCodeAt(0) >= 0xe00 && UNSPACED.test(word);
}

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
