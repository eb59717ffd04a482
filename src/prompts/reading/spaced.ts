import { CLITIC } from './chunk.ts';
import { type DraftWord, divided, joined } from './draft-word.ts';
import { readLeet } from './leet.ts';
import { SHORT_WORDS } from './numbers.ts';
import { isLoneLetter } from './scripts.ts';
import { segment } from './segment.ts';
import { unstretch } from './stretch.ts';
import type { WordBook } from './word-book.ts';

const LATIN_OR_DIGIT = /^[a-z0-9]+$/;
const LATIN = /[a-z]/;
const MIN_LETTERS = 3;
/** Longer runs are read in pieces of this many letters. */
const MAX_RUN = 2000;
const MAX_GROUP = 40;
const MANY_GAPS = 4;
const TWO_DIGITS = /^[0-9]{2}$/;
/** Bits a letter; see `Segmentation`. */
const MAX_COST = 3.6;

/** Single letters one after another, cut where a gap is wider than the narrowest. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (readonly DraftWord[])[];
}

/**
 * Reads letters with spaces between them (`n u d e`), with or without wider gaps between the words. Where the gaps of a
 * text show plainly which letters belong together, unknown words and those of two letters are joined too.
 */
export function readSpaced(words: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  if (!hasRun(words)) return words;
  const runs = runsIn(words);
  const isClear = hasClearGaps(runs, book);
  const read: DraftWord[] = [];
  let at = 0;
  for (const { start, end, groups } of runs) {
    for (const word of words.slice(at, start)) read.push(word);
    const run = words.slice(start, end);
    const isTold = isClear && groups.every(({ length }) => length <= MAX_GROUP);
    const joinedRun = isTold
      ? groups.map((group) => joinGroup(group, book))
      : end - start < MIN_LETTERS
        ? joinPair(words, start)
        : readRun(run, groups, book);
    for (const word of joinedRun) read.push(word);
    at = end;
  }
  for (const word of words.slice(at)) read.push(word);
  return read;
}

/** True when some letters stand alone side by side, so that they may be a word. */
export function hasRun(words: readonly DraftWord[]): boolean {
  let run = 0;
  let hasPair = false;
  let hasWideGap = false;
  for (const { text, gap } of words) {
    run = isLoneLetter(text) ? run + 1 : 0;
    if (run >= MIN_LETTERS) return true;
    hasPair ||= run > 1;
    hasWideGap ||= gap > 1;
  }
  return hasPair && hasWideGap;
}

/** Two letters closer to each other than to what stands around them, such as `i n` and `1 2`. */
function joinPair(words: readonly DraftWord[], start: number): readonly DraftWord[] {
  const pair = words.slice(start, start + 2);
  const [first, second] = pair;
  const text = lettersOf(pair);
  const width = second?.gap ?? 0;
  const isApart = (start === 0 || (first?.gap ?? 0) > width) && (words[start + 2]?.gap ?? width + 1) > width;
  return isApart && (SHORT_WORDS.has(text) || TWO_DIGITS.test(text)) ? [joined(pair, text, 'spacing')] : pair;
}

function runsIn(words: readonly DraftWord[]): Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < words.length; ) {
    let end = start;
    while (end < words.length && end - start < MAX_RUN && isLoneLetter(words[end]?.text ?? '')) end += 1;
    if (end - start > 1) runs.push({ start, end, groups: groupsOf(words.slice(start, end)) });
    start = Math.max(end, start + 1);
  }
  return runs;
}

/** Cut where the gap is wider than the narrowest. */
function groupsOf(run: readonly DraftWord[]): DraftWord[][] {
  const narrow = Math.min(...run.slice(1).map(({ gap }) => gap));
  const groups: DraftWord[][] = [];
  for (const [index, word] of run.entries()) {
    const group = groups.at(-1);
    if (index === 0 || group === undefined || word.gap > narrow) groups.push([word]);
    else group.push(word);
  }
  return groups;
}

/**
 * Two words that can be read, and not more that cannot: these letters do not stand alone by chance. Nor do those of a
 * text that is cut by wide gaps again and again, whatever its words mean: token soup is written in no language.
 */
function hasClearGaps(runs: readonly Run[], book: WordBook): boolean {
  let known = 0;
  let unknown = 0;
  let wideGaps = 0;
  for (const { groups } of runs) {
    wideGaps += groups.length - 1;
    for (const group of groups) {
      if (group.length < MIN_LETTERS || group.length > MAX_GROUP) continue;
      if (readGroup(group, book) === undefined) unknown += 1;
      else known += 1;
    }
  }
  return (known > 1 && known >= unknown) || (wideGaps >= MANY_GAPS && known + unknown >= MANY_GAPS);
}

function joinGroup(group: readonly DraftWord[], book: WordBook): DraftWord {
  const [only] = group;
  if (group.length === 1 && only !== undefined) return only;
  return readGroup(group, book) ?? joined(group, lettersOf(group), 'spacing');
}

function readRun(run: readonly DraftWord[], groups: Run['groups'], book: WordBook): readonly DraftWord[] {
  const letters = lettersOf(run);
  if (/^[0-9]+$/.test(letters)) return run;
  const known = groups.map((group, at) => readGroup(group, book) ?? (at > 0 ? ending(group) : undefined));
  if (groups.length > 1 && known.every((word) => word !== undefined)) return known;
  const whole = readGroup(run, book);
  if (whole !== undefined) return [whole];
  if (!LATIN.test(letters) && LATIN_OR_DIGIT.test(letters)) return run;
  const read = segment(letters, book);
  const isText = read !== undefined && read.cost <= MAX_COST && read.words.some((word) => word.length > 2 && book.has(word));
  return isText ? divided(run, read.words, 'spacing') : run;
}

function readGroup(group: readonly DraftWord[], book: WordBook): DraftWord | undefined {
  const letters = lettersOf(group);
  const [only] = group;
  if (group.length === 1 && only !== undefined) return /^[ai0-9]$/.test(letters) ? only : undefined;
  if (letters.length > MAX_GROUP) return undefined;
  const word = book.has(letters) ? letters : (readLeet(letters, book) ?? unstretch(letters, book));
  return word === undefined ? undefined : joined(group, word, 'spacing');
}

/** The letter behind an apostrophe: `m a n ' s`. */
function ending([only, ...others]: readonly DraftWord[]): DraftWord | undefined {
  return others.length === 0 && only !== undefined && CLITIC.test(only.text) ? only : undefined;
}

function lettersOf(group: readonly DraftWord[]): string {
  return group.map(({ text }) => text).join('');
}
