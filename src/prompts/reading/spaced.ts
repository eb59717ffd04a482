import { type DraftWord, divided, joined } from './draft-word.ts';
import { readLeet, unstretch } from './leet.ts';
import { segment } from './segment.ts';
import type { WordBook } from './word-book.ts';

const SINGLE = /^[a-z0-9]$/;
const LATIN = /[a-z]/;
const MIN_LETTERS = 3;
/** Longer runs are read in pieces of this many letters. */
const MAX_RUN = 2000;
/** Bits a letter; see `Segmentation`. */
const MAX_COST = 3.6;

/** Reads letters with spaces between them (`n u d e`), with or without wider gaps between the words. */
export function readSpaced(words: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  if (!hasRun(words)) return words;
  const read: DraftWord[] = [];
  for (let at = 0; at < words.length; ) {
    const end = runFrom(words, at);
    const [word] = words.slice(at, at + 1);
    if (word === undefined) break;
    if (end - at < MIN_LETTERS) read.push(word);
    else read.push(...readRun(words.slice(at, end), book));
    at = end - at < MIN_LETTERS ? at + 1 : end;
  }
  return read;
}

function hasRun(words: readonly DraftWord[]): boolean {
  let run = 0;
  for (const { text } of words) {
    run = text.length === 1 && SINGLE.test(text) ? run + 1 : 0;
    if (run >= MIN_LETTERS) return true;
  }
  return false;
}

function runFrom(words: readonly DraftWord[], from: number): number {
  let end = from;
  while (end < words.length && end - from < MAX_RUN && SINGLE.test(words[end]?.text ?? '')) end += 1;
  return end;
}

function readRun(run: readonly DraftWord[], book: WordBook): readonly DraftWord[] {
  const letters = run.map(({ text }) => text).join('');
  if (!LATIN.test(letters)) return run;
  const groups = groupsOf(run);
  const known = groups.map((group) => readGroup(group, book));
  if (groups.length > 1 && known.every((word) => word !== undefined)) return known;
  const whole = readGroup(run, book);
  if (whole !== undefined) return [whole];
  const read = segment(letters, book);
  const isText = read !== undefined && read.cost <= MAX_COST && read.words.some((word) => word.length > 2 && book.has(word));
  return isText ? divided(run, read.words, 'spacing') : run;
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

function readGroup(group: readonly DraftWord[], book: WordBook): DraftWord | undefined {
  const letters = group.map(({ text }) => text).join('');
  const [only] = group;
  if (group.length === 1 && only !== undefined) return /^[ai0-9]$/.test(letters) ? only : undefined;
  if (letters.length > 40) return undefined;
  const word = book.has(letters) ? letters : (readLeet(letters, book) ?? unstretch(letters, book));
  return word === undefined ? undefined : joined(group, word, 'spacing');
}
