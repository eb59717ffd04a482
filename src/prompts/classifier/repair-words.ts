import { remembered } from '../remembered.ts';
import { type HashTable, lookUp } from './hash-table.ts';
import { hashText } from './hash-text.ts';

/** A word to score, and the first of the canonical words that it was read from. */
export interface ReadWord {
  readonly text: string;
  readonly first: number;
}

/**
 * Undoes what no folding can: letters dropped, doubled, swapped or masked, words run together, cut or reversed.
 * `isKnown` of word `at` says that nothing was done to it.
 */
export type WordRepair = (words: readonly string[], isKnown: (at: number) => boolean) => ReadWord[];

const SHORTEST_FUZZY = 4;
/** Longer runs of letters are several words. */
const LONGEST_SLIP = 24;
const SHORTEST_JOINED = 7;
const LONGEST_JOINED = 400;
const LONGEST_PART = 16;
const LETTERS = /^[a-z]+$/;

/**
 * Only words that nobody knows are touched, and a misspelling is only ever read as a word of the risk lists; the rest
 * could not change a verdict. Costs some look-ups for an ordinary prompt.
 */
export function createWordRepair(known: HashTable, repairable: readonly string[]): WordRepair {
  const reader = new WordReader(known, repairable);
  return (words, isKnown) => reader.readAll(words, isKnown);
}

class WordReader {
  readonly #known: HashTable;
  readonly #repairable: readonly string[];
  #nearMisses: ReadonlyMap<number, string> | undefined;
  readonly #risky: ReadonlySet<string>;
  /** Names and numbers that nobody knows come again and again. */
  readonly #readings = remembered((word) => this.#readUnknown(word));

  constructor(known: HashTable, repairable: readonly string[]) {
    this.#known = known;
    this.#repairable = repairable;
    this.#risky = new Set(repairable);
  }

  readAll(words: readonly string[], isKnown: (at: number) => boolean): ReadWord[] {
    const ordinary = words.map((_, at) => isKnown(at));
    const read: ReadWord[] = [];
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      const cut = this.#readCut(words, ordinary, at);
      if (cut !== undefined) read.push({ text: cut, first: at++ });
      else if (ordinary[at] === true) read.push({ text: word, first: at });
      else for (const text of this.#readings(word)) read.push({ text, first: at });
    }
    return read;
  }

  #isKnown(word: string): boolean {
    return lookUp(this.#known, hashText(word)) !== 0;
  }

  /** Two neighbors that are one word of the lists together, of which at least one is no word by itself. */
  #readCut(words: readonly string[], ordinary: readonly boolean[], at: number): string | undefined {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    if (next === '' || (isWhole(word, ordinary[at]) && isWhole(next, ordinary[at + 1]))) return undefined;
    const whole = word + next;
    return this.#risky.has(whole) ? whole : undefined;
  }

  #readUnknown(word: string): readonly string[] {
    if (word.length < SHORTEST_FUZZY || word.length > LONGEST_JOINED || !LETTERS.test(word)) return [word];
    this.#nearMisses ??= nearMissesOf(this.#repairable);
    const slip = word.length <= LONGEST_SLIP ? (nearest(word, this.#nearMisses) ?? this.#readReversed(word)) : undefined;
    if (slip !== undefined) return [slip];
    return (word.length < SHORTEST_JOINED ? undefined : segment(word, this.#known)) ?? [word];
  }

  #readReversed(word: string): string | undefined {
    const reversed = [...word].reverse().join('');
    return this.#risky.has(reversed) || (reversed.length > SHORTEST_FUZZY && this.#isKnown(reversed)) ? reversed : undefined;
  }
}

/** A known word that is no scrap; two such are never parts of one that was cut. */
function isWhole(word: string, isOrdinary: boolean | undefined): boolean {
  return isOrdinary === true && word.length > 2;
}

/** Every risky word with one letter left out. */
function nearMissesOf(words: readonly string[]): ReadonlyMap<number, string> {
  const misses = new Map<number, string>();
  for (const word of words) {
    if (word.length < SHORTEST_FUZZY + 1 || !LETTERS.test(word)) continue;
    for (let out = 0; out < word.length; out++) {
      const hash = hashWithout(word, out);
      if (!misses.has(hash)) misses.set(hash, word);
    }
  }
  return misses;
}

/** The risky word at one slip from here: a letter missing, doubled, replaced, or two letters swapped. */
function nearest(word: string, misses: ReadonlyMap<number, string>): string | undefined {
  const missing = misses.get(hashText(word));
  if (missing !== undefined && isOneSlip(word, missing)) return missing;
  if (word.length < SHORTEST_FUZZY + 1) return undefined;
  for (let out = 0; out < word.length; out++) {
    const candidate = misses.get(hashWithout(word, out));
    if (candidate !== undefined && isOneSlip(word, candidate)) return candidate;
  }
  return undefined;
}

function hashWithout(word: string, out: number): number {
  return hashText(word.slice(0, out) + word.slice(out + 1));
}

/** True for a letter left out, or two neighbors swapped, with the first letter in its place; a replaced letter makes other words. */
function isOneSlip(word: string, meant: string): boolean {
  if (word.length === meant.length - 1) return true;
  if (word.length !== meant.length || word === meant) return false;
  let at = 0;
  while (word[at] === meant[at]) at += 1;
  return word[at] === meant[at + 1] && word[at + 1] === meant[at] && word.slice(at + 2) === meant.slice(at + 2);
}

/** The fewest known words that this run of letters is made of; undefined when there is a rest. */
function segment(run: string, known: HashTable): readonly string[] | undefined {
  const cost = new Float64Array(run.length + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(run.length + 1);
  cost[0] = 0;
  for (let end = 1; end <= run.length; end++) {
    for (let start = Math.max(0, end - LONGEST_PART); start < end; start++) {
      const total = (cost[start] ?? 0) + partCost(end - start);
      if (total < (cost[end] ?? 0) && lookUp(known, hashText(run, start, end)) !== 0) {
        cost[end] = total;
        from[end] = start;
      }
    }
  }
  if (cost[run.length] === Number.POSITIVE_INFINITY) return undefined;
  const parts: string[] = [];
  for (let end = run.length; end > 0; end = from[end] ?? 0) parts.unshift(run.slice(from[end] ?? 0, end));
  return parts;
}

/** Long words are worth more than many scraps. */
function partCost(length: number): number {
  return length <= 2 ? 2.5 : 1;
}
