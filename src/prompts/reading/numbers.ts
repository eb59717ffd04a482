import { type DraftWord, withTricks } from './draft-word.ts';
import { readDigits } from './leet.ts';
import type { WordBook } from './word-book.ts';

/** Words of two letters and fewer that stand in running text of the languages that are disguised most. */
export const SHORT_WORDS: ReadonlySet<string> = new Set(
  'a an as at be by do go he if in is it me my no of on or so to up us we de la le el et da du en un se os ao na ou'.split(' '),
);

const UNIT =
  /^(?:years?|yrs?|yo|y|old|months?|weeks?|days?|hours?|minutes?|seconds?|mm|cm|m|km|px|pixels?|kg|g|lb|k|x|percent|jahre?n?|anos?|ans?|anni|lat|yas|лет|года?)$/;

/** True when a number before this word counts something. */
export function isCount(next: string): boolean {
  return UNIT.test(next) || /^[a-z]{3,}[^s]s$/.test(next) || /^[0-9]/.test(next);
}

const HIDING = /^(?!(?:1[0-9]|20)[0-9]{2}$)[0-9]{4,}$/;
const DIGITS = /^[0-9]+$/;
/** Only digits hide, and most words have none to begin with. */
const mayHide = (text: string) => text.charCodeAt(0) <= LAST_DIGIT && HIDING.test(text);
const LAST_DIGIT = 57;
/** In bits: commoner words of the rules say nothing when they stand alone. */
const MIN_COST = 9.5;

/** Reads numbers that are a word of the rules in leetspeak, where nothing beside them says that they are numbers. */
export function readNumbers(words: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  if (!words.some(({ text }) => mayHide(text))) return words;
  return words.map((word, index) => {
    const [before = '', next = ''] = [words[index - 1]?.text, words[index + 1]?.text];
    if (!mayHide(word.text) || DIGITS.test(before) || isCount(next)) return word;
    const text = readDigits(word.text, book);
    return text === undefined || (book.costOf(text) ?? 0) < MIN_COST
      ? word
      : { ...word, text, tricks: withTricks(word.tricks, 'leetspeak') };
  });
}
