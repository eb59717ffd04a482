import { LONGEST_WORD, type WordBook } from './word-book.ts';

const SHORT_WORDS = new Set('a i an as at be by do go he if in is it me my no of on or so to up us we'.split(' '));
/** In bits: what it costs to start a stretch that no word covers, and each letter of it. */
const UNKNOWN_START = 12;
const UNKNOWN_LETTER = 6;
/** A number is no word of the book, and still as likely as one. */
const DIGIT = 5;
/** Three letters that stand in few texts are mostly no words. */
const MAX_COST_OF_THREE = 11.6;
const MAX_LENGTH = 20_000;

/** A run of letters read as words. */
export interface Segmentation {
  readonly words: readonly string[];
  /** In bits a letter; running English text lies near 2, other letters above 3. */
  readonly cost: number;
  /** Letters that no word covers. */
  readonly unknown: number;
}

/** The likeliest words in letters without spaces. Linear; undefined when the run is absurdly long. */
export function segment(letters: string, book: WordBook): Segmentation | undefined {
  const length = letters.length;
  if (length > MAX_LENGTH || length === 0) return undefined;
  const costs = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  /** Where the last word before each position starts; negative for letters that no word covers. */
  const from = new Int32Array(length + 1);
  costs[0] = 0;
  for (let at = 0; at < length; at++) {
    const cost = costs[at] ?? 0;
    relax(costs, from, at + 1, cost + costOfStray(letters, at, at > 0 && (from[at] ?? 0) < 0), -1);
    for (let end = at + 1; end <= Math.min(length, at + LONGEST_WORD); end++) {
      const word = letters.slice(at, end);
      const wordCost = costOf(word, book);
      if (wordCost !== undefined) relax(costs, from, end, cost + wordCost, at);
    }
  }
  return trace(letters, costs, from);
}

/** Of a letter that no word covers; `isGoingOn` after another such letter. */
function costOfStray(letters: string, at: number, isGoingOn: boolean): number {
  const code = letters.charCodeAt(at);
  if (code >= 48 && code <= 57) return DIGIT;
  return isGoingOn ? UNKNOWN_LETTER : UNKNOWN_START + UNKNOWN_LETTER;
}

function relax(costs: Float64Array, from: Int32Array, at: number, cost: number, start: number): void {
  if (cost >= (costs[at] ?? 0)) return;
  costs[at] = cost;
  from[at] = start;
}

function costOf(word: string, book: WordBook): number | undefined {
  if (word.length < 3 && !SHORT_WORDS.has(word)) return undefined;
  const cost = book.costOf(word);
  return word.length === 3 && cost !== undefined && cost > MAX_COST_OF_THREE ? undefined : cost;
}

function trace(letters: string, costs: Float64Array, from: Int32Array): Segmentation {
  const words: string[] = [];
  let unknown = 0;
  let end = letters.length;
  while (end > 0) {
    let start = from[end] ?? 0;
    if (start < 0) {
      start = end - 1;
      while (start > 0 && (from[start] ?? 0) < 0) start -= 1;
      unknown += end - start;
    }
    words.push(letters.slice(start, end));
    end = start;
  }
  return { words: words.reverse(), cost: (costs[letters.length] ?? 0) / letters.length, unknown };
}
