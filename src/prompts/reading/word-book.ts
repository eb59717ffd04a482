import { remembered } from '../remembered.ts';
import { COMMON_WORDS, NAME_WORDS, RULE_WORDS } from './word-list.ts';

/** Words that a disguise may be read as, with how common each is. */
export interface WordBook {
  has(word: string): boolean;
  /** What it costs to believe that this word was meant, in bits: 3 for the commonest, 14 for the rarest; none when unknown. */
  costOf(word: string): number | undefined;
  /** A word of the rules: worth hiding, so worth finding at higher cost. */
  isRisky(word: string): boolean;
  /** The words that become `single` when doubled letters are written once. */
  withDoubles(single: string): readonly string[];
  /** False when no word begins with these four letters; true when it may. */
  mayBegin(start: string): boolean;
  /** The words of the rules that become `text` when one letter, not the first, is dropped. */
  riskyWithout(text: string): readonly string[];
}

/** No reading is longer. */
export const LONGEST_WORD = 20;
/** Letters that `mayBegin` wants. */
export const START_LETTERS = 4;
const DOUBLED = /(.)\1/u;
const RISKY_COST = 11;
const NAME_COST = 14;

/** The words that ship, together with `extra` (words of an operator's own rules). A few milliseconds; build it once. */
export function createWordBook(extra: Iterable<string> = []): WordBook {
  const costs = new Map<string, number>();
  const risky = new Set<string>(RULE_WORDS.split(' '));
  let rank = 0;
  for (const word of COMMON_WORDS.split(' ')) {
    rank += 1;
    costs.set(word, Math.log2(rank + 8));
  }
  for (const word of NAME_WORDS.split(' ')) costs.set(word, NAME_COST);
  // A short word of another language is one letter away from too many names.
  const missed = [...risky].filter((word) => costs.has(word) || word.length > 6);
  for (const word of extra) if (word.length > 2) risky.add(word);
  for (const word of risky) costs.set(word, Math.min(costs.get(word) ?? RISKY_COST, RISKY_COST));
  // Each is made when the first disguise asks for it.
  let doubles: Map<string, string[]> | undefined;
  let starts: Set<string> | undefined;
  let dropped: Map<string, string[]> | undefined;
  return {
    has: (word) => costs.has(word),
    costOf: (word) => costs.get(word),
    isRisky: (word) => risky.has(word),
    withDoubles: (single) => {
      doubles ??= doublesOf(costs.keys());
      return doubles.get(single) ?? NONE;
    },
    mayBegin: (start) => {
      starts ??= new Set(Array.from(costs.keys(), (word) => word.slice(0, START_LETTERS)));
      return starts.has(start);
    },
    riskyWithout: (text) => {
      dropped ??= droppedOf(missed);
      return dropped.get(text) ?? NONE;
    },
  };
}

const NONE: readonly string[] = [];

function doublesOf(words: Iterable<string>): Map<string, string[]> {
  const doubles = new Map<string, string[]>();
  for (const word of words) {
    if (!DOUBLED.test(word)) continue;
    add(doubles, undoubled(word), word);
  }
  return doubles;
}

const MIN_DROPPED_FROM = 5;

function droppedOf(words: Iterable<string>): Map<string, string[]> {
  const dropped = new Map<string, string[]>();
  for (const word of words)
    if (word.length >= MIN_DROPPED_FROM)
      for (let at = 1; at < word.length; at++) add(dropped, word.slice(0, at) + word.slice(at + 1), word);
  return dropped;
}

function add(lists: Map<string, string[]>, key: string, word: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [word]);
  else list.push(word);
}

/** Every run of the same letter written once. */
export function undoubled(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

/** In bits; an ending that a rule leaves open may be a word of its own. */
const ENDING_LETTER = 4;

/**
 * `book` and, as words of the rules, all others that rules know: `endingOf` says how many letters of a word a rule leaves
 * open, and nothing for a word that no rule knows. Those are not found with letters missing.
 */
export function bookWith(book: WordBook, endingOf: (word: string) => number | undefined, begins: (start: string) => boolean): WordBook {
  const remember = remembered(endingOf);
  const ending = (word: string) => (word.length > 2 ? remember(word) : undefined);
  return {
    ...book,
    has: (word) => book.has(word) || ending(word) !== undefined,
    costOf: (word) => {
      const letters = book.costOf(word) === undefined ? ending(word) : undefined;
      return letters === undefined ? book.costOf(word) : RISKY_COST + ENDING_LETTER * letters;
    },
    isRisky: (word) => book.isRisky(word) || ending(word) !== undefined,
    mayBegin: (start) => book.mayBegin(start) || begins(start),
  };
}

let standard: WordBook | undefined;

/** The words that ship; built at the first call. */
export function standardWordBook(): WordBook {
  standard ??= createWordBook();
  return standard;
}
