import { MASK } from './mask.ts';
import { rankOf, unstretch } from './stretch.ts';
import { START_LETTERS, undoubled, type WordBook } from './word-book.ts';

/** Digits and signs that stand for letters, likeliest first. */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'gb',
  '7': 't',
  '8': 'b',
  '9': 'gq',
  '@': 'a',
  $: 's',
  '!': 'il',
  '|': 'li',
  '€': 'e',
  '+': 't',
  '(': 'c',
  '<': 'c',
  '{': 'c',
  '[': 'c',
  '¢': 'c',
  '©': 'c',
  '£': 'l',
  '¥': 'y',
  '§': 's',
  '¡': 'i',
  '^': 'a',
  '#': 'h',
  '%': 'x',
  '×': 'x',
};
/** Letters drawn with several signs, longest first. */
const DRAWN: readonly (readonly [string, string])[] = [
  ['\\/\\/', 'w'],
  ['|\\/|', 'm'],
  ['/\\/\\', 'm'],
  ['|\\|', 'n'],
  ['/\\/', 'n'],
  ['|_|', 'u'],
  ['|-|', 'h'],
  ['/\\', 'a'],
  ['\\/', 'v'],
  ['|)', 'd'],
  ['|>', 'p'],
  ['|<', 'k'],
  ['|3', 'b'],
  ['()', 'o'],
  ['[]', 'o'],
];
/** In Cyrillic words; only words of the rules are read so, for the book knows no others there. */
const CYRILLIC_LEET: Readonly<Record<string, string>> = {
  '0': 'о',
  '1': 'іл',
  '3': 'зе',
  '4': 'ча',
  '6': 'бв',
  '8': 'в',
  '@': 'а',
  '€': 'е',
  $: 'с',
};
/** Readings of one word that are followed; those that begin no word of the book are dropped on the way. */
const MAX_READINGS = 64;
const MAX_LEET = 22;
const LEET_CHAR = /[^a-z]/;
const LETTER = /[a-z]/g;
const ONLY_LEET = /^[a-z0-9@$!|€+(<{[¢©£¥§¡^#%×/\\_\-)\]>]+$/;
const CYRILLIC_MIXED = /^(?=.*\p{Script=Cyrillic})(?=.*[0-9@€$])[\p{Script=Cyrillic}0-9@€$]{3,22}$/u;
const MIXED = /^(?=.*[a-z])(?=.*[0-9])[a-z0-9]+$/;
/** A word of so many letters is no accident, even when most of them are digits: `51771ng`. */
const SURE_LENGTH = 6;
const LONGER_THAN_UNITS = 5;
const ONLY_LETTERS = /^[a-z]+$/;
/** `50mm`, `4k`, `1990s`, `f18`: numbers with units are what they say. */
const NUMBER_WITH_UNIT = /^(?:\d+[a-z]{1,3}|[a-z]{1,2}\d+)$/;

/** True for a sign that can stand for a letter, or for part of one, inside a word. */
export function isLetterSign(sign: string): boolean {
  return sign.length === 1 && (LEET[sign] !== undefined || '/\\_-)>]'.includes(sign));
}

/** The letter that a digit or a sign most often stands for. */
export function letterFor(sign: string): string | undefined {
  return LEET[sign]?.charAt(0);
}

/** The word of the book that a word with digits or signs for letters stands for. */
export function readLeet(word: string, book: WordBook): string | undefined {
  if (word.length > MAX_LEET || !LEET_CHAR.test(word)) return undefined;
  if (!ONLY_LEET.test(word)) return CYRILLIC_MIXED.test(word) ? best(spelled(word, CYRILLIC_LEET, book), true, book) : undefined;
  const letters = word.match(LETTER)?.length ?? 0;
  if (letters === 0) return undefined;
  const isSure = word.length >= SURE_LENGTH || letters * 3 >= word.length;
  const found = best(readingsOf(word, book), !isSure, book);
  const isNumber = found !== undefined && found.length < LONGER_THAN_UNITS && NUMBER_WITH_UNIT.test(word);
  return isNumber && !book.isRisky(found) ? best(readingsOf(word, book), true, book) : found;
}

/** True for letters and digits that can be read as a word, however few the letters are; one such word alone proves nothing. */
export function isLeetOf(word: string, book: WordBook): boolean {
  if (word.length < 3 || word.length > MAX_LEET || !MIXED.test(word)) return false;
  const found = best(readingsOf(word, book), false, book);
  return found !== undefined && (found.length > 3 || !NUMBER_WITH_UNIT.test(word));
}

/** A word of the rules that is written in digits alone (`455`); whether the digits are a number is for the text to say. */
export function readDigits(digits: string, book: WordBook): string | undefined {
  return digits.length < 3 || digits.length > MAX_LEET ? undefined : best(readingsOf(digits, book), true, book);
}

/** The likeliest of the readings that are words, or words stretched. */
function best(readings: readonly string[], needsRisk: boolean, book: WordBook): string | undefined {
  let found: string | undefined;
  for (const reading of readings) {
    const word = book.has(reading) ? reading : ONLY_LETTERS.test(reading) ? unstretch(reading, book) : undefined;
    if (word === undefined || word.length < 3 || (needsRisk && !book.isRisky(word))) continue;
    if (found === undefined || rankOf(word, book) < rankOf(found, book)) found = word;
  }
  return found;
}

function readingsOf(word: string, book: WordBook): string[] {
  let drawn = word;
  for (const [signs, letter] of DRAWN) if (drawn.includes(signs)) drawn = drawn.replaceAll(signs, letter);
  return drawn === word ? spelled(word, LEET, book) : [...spelled(drawn, LEET, book), ...spelled(word, LEET, book)];
}

function spelled(word: string, table: Readonly<Record<string, string>>, book: WordBook): string[] {
  let readings = [''];
  let length = 0;
  for (const char of word) {
    const options = table[char] ?? char;
    const isWide = readings.length * options.length <= MAX_READINGS;
    readings = isWide ? readings.flatMap((start) => Array.from(options, (option) => start + option)) : readings.map((r) => r + options[0]);
    length += 1;
    if (readings.length > 8 || length === START_LETTERS) readings = readings.filter((reading) => mayBegin(reading, book));
  }
  return readings;
}

function mayBegin(reading: string, book: WordBook): boolean {
  return (
    reading.length < START_LETTERS ||
    book.mayBegin(reading.slice(0, START_LETTERS)) ||
    book.mayBegin(undoubled(reading).slice(0, START_LETTERS))
  );
}

/** True while letters read so far, with signs as letters, may be the beginning of a word of the book. */
export function mayStart(spelled: string, book: WordBook): boolean {
  const start = spelled.slice(0, START_LETTERS * 2);
  if (start.search(MASK) >= 0) return true;
  if (!ONLY_LEET.test(start)) return false;
  const readings = LEET_CHAR.test(start) ? readingsOf(start, book) : [start];
  return readings.some((reading) => {
    const letters = undoubled(reading.replace(NOT_LETTERS, '')).slice(0, START_LETTERS);
    return letters.length < START_LETTERS || book.mayBegin(letters) || book.mayBegin(reading.slice(0, START_LETTERS));
  });
}

const NOT_LETTERS = /[^a-z]/g;
