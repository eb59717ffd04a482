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
  '9': 'g',
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
const MAX_READINGS = 16;
const MAX_LEET = 22;
const LEET_CHAR = /[^a-z]/;
const LETTER = /[a-z]/g;
const ONLY_LEET = /^[a-z0-9@$!|€+(<{[¢©£¥§¡^#%×/\\_\-)\]>]+$/;
const ONLY_LETTERS = /^[a-z]+$/;
/** `50mm`, `4k`, `1990s`, `f18`: numbers with units are what they say. */
const NUMBER_WITH_UNIT = /^(?:\d+[a-z]{1,3}|[a-z]{1,2}\d+)$/;

/** True for a sign that can stand for a letter, or for part of one, inside a word. */
export function isLetterSign(sign: string): boolean {
  return sign.length === 1 && (LEET[sign] !== undefined || '/\\_-)>]'.includes(sign));
}

/** The word of the book that a word with digits or signs for letters stands for. */
export function readLeet(word: string, book: WordBook): string | undefined {
  if (word.length > MAX_LEET || !LEET_CHAR.test(word) || !ONLY_LEET.test(word)) return undefined;
  const letters = word.match(LETTER)?.length ?? 0;
  const needsRisk = NUMBER_WITH_UNIT.test(word) || letters * 3 < word.length;
  if (letters === 0) return undefined;
  for (const reading of readingsOf(word)) {
    if (!ONLY_LETTERS.test(reading)) continue;
    const found = book.has(reading) ? reading : unstretch(reading, book);
    if (found !== undefined && found.length > 2 && (!needsRisk || book.isRisky(found))) return found;
  }
  return undefined;
}

function readingsOf(word: string): string[] {
  let drawn = word;
  for (const [signs, letter] of DRAWN) if (drawn.includes(signs)) drawn = drawn.replaceAll(signs, letter);
  return drawn === word ? spelled(word) : [...spelled(drawn), ...spelled(word)];
}

function spelled(word: string): string[] {
  let readings = [''];
  for (const char of word) {
    const options = LEET[char] ?? char;
    const isWide = readings.length * options.length <= MAX_READINGS;
    readings = isWide ? readings.flatMap((start) => Array.from(options, (option) => start + option)) : readings.map((r) => r + options[0]);
  }
  return readings;
}

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

const MASK = /[*#•●■█?_~]/g;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** The word of the book that a word with masked letters stands for; a mask is for one letter, most often a vowel. */
export function unmask(word: string, book: WordBook): string | undefined {
  const masks = word.match(MASK)?.length ?? 0;
  if (masks === 0 || masks > 3 || word.length < 3 || masks * 2 > word.length || !/^[a-z][a-z*#•●■█?_~]*$/.test(word)) return undefined;
  const vowels = filled(word, 'aeiouy', book, masks);
  return vowels ?? (masks > 2 ? undefined : filled(word, ALPHABET, book, masks));
}

function filled(word: string, letters: string, book: WordBook, masks: number): string | undefined {
  const [first = '', ...rest] = word.split(MASK);
  let readings = [first];
  for (const part of rest) readings = readings.flatMap((start) => Array.from(letters, (letter) => start + letter + part));
  let best: string | undefined;
  for (const reading of readings)
    if (book.has(reading) && (masks < 2 || letters.length < 26 || book.isRisky(reading)))
      if (best === undefined || rankOf(reading, book) < rankOf(best, book)) best = reading;
  return best;
}

/** True while letters read so far, with signs as letters, may be the beginning of a word of the book. */
export function mayStart(spelled: string, book: WordBook): boolean {
  const start = spelled.slice(0, START_LETTERS * 2);
  if (start.search(MASK) >= 0) return true;
  if (!ONLY_LEET.test(start)) return false;
  const readings = LEET_CHAR.test(start) ? readingsOf(start) : [start];
  return readings.some((reading) => {
    const letters = undoubled(reading.replace(NOT_LETTERS, '')).slice(0, START_LETTERS);
    return letters.length < START_LETTERS || book.mayBegin(letters) || book.mayBegin(reading.slice(0, START_LETTERS));
  });
}

const NOT_LETTERS = /[^a-z]/g;
