import { remembered } from '../remembered.ts';

/** One word of a term: itself, or every word that begins with it. */
export interface TermWord {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** What the rules know of one word. */
interface WordEntry {
  /** As `idOf` says; −1 for none. */
  readonly id: number;
  /** As `beginsWord` says. */
  readonly isBeginning: boolean;
}

/** All words that occur in any term of the rules. A word of a prompt has one id at most. */
export interface Vocabulary {
  /** Letters of the longest word. */
  readonly longest: number;
  /** The id of the word, or else of the longest beginning that it has. */
  idOf(word: string): number | undefined;
  /** The id of exactly this word; none where only a beginning of it is known. */
  wholeIdOf(word: string): number | undefined;
  /** Both together, remembered: most words of prompts come again and again. */
  entryOf(word: string): WordEntry;
  /** True when some word starts with these letters. */
  beginsWord(letters: string): boolean;
  /** Every id by which a prompt's word may be known that this word of a term means. */
  idsMeant(word: TermWord): readonly number[];
}

/** Two letters decide whether a word can have a beginning of the rules at all. */
const GATE_LETTERS = 2;

/** Numbers words and beginnings as they come. */
export function createVocabulary(words: Iterable<TermWord>): Vocabulary {
  const whole = new Map<string, number>();
  const begun = new Map<string, number>();
  let count = 0;
  let longest = 0;
  for (const { text, isBeginning } of words) {
    const ids = isBeginning ? begun : whole;
    if (!ids.has(text)) ids.set(text, count++);
    longest = Math.max(longest, text.length);
  }
  // Asked for by few prompts, and a good part of the time that making this takes.
  let letters: Set<string> | undefined;
  let sorted: Entry[] | undefined;
  const longestBeginning = longestByGate(begun.keys());
  const ofBeginning = begun.size === 0 ? () => undefined : remembered((word) => idOfBeginning(word, begun, longestBeginning));
  const idOf = (word: string) => whole.get(word) ?? ofBeginning(word);
  const beginsWord = (start: string) => {
    letters ??= lettersOf([...whole, ...begun]);
    return letters.has(start);
  };
  return {
    longest,
    idOf,
    wholeIdOf: (word) => whole.get(word),
    beginsWord,
    entryOf: remembered((word) => ({ id: idOf(word) ?? -1, isBeginning: beginsWord(word) })),
    idsMeant: ({ text, isBeginning }) => {
      if (!isBeginning) return optional(whole.get(text));
      sorted ??= [...whole, ...begun].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return idsFrom(sorted, text);
    },
  };
}

type Entry = readonly [text: string, id: number];

function lettersOf(all: readonly Entry[]): Set<string> {
  const letters = new Set<string>();
  for (const [text] of all) for (let length = 0; length <= text.length; length++) letters.add(text.slice(0, length));
  return letters;
}

function idOfBeginning(word: string, begun: ReadonlyMap<string, number>, longestByGate: ReadonlyMap<string, number>): number | undefined {
  const longest = longestByGate.get(word.slice(0, GATE_LETTERS));
  if (longest === undefined) return undefined;
  for (let length = Math.min(longest, word.length); length >= GATE_LETTERS; length--) {
    const id = begun.get(word.slice(0, length));
    if (id !== undefined) return id;
  }
  return undefined;
}

function longestByGate(beginnings: Iterable<string>): Map<string, number> {
  const longest = new Map<string, number>();
  for (const text of beginnings) {
    const gate = text.slice(0, GATE_LETTERS);
    longest.set(gate, Math.max(longest.get(gate) ?? 0, text.length));
  }
  return longest;
}

/** The ids of all entries that begin with `text`; `all` is sorted. */
function idsFrom(all: readonly Entry[], text: string): number[] {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.[0] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  const ids: number[] = [];
  for (let at = low; all[at]?.[0].startsWith(text) === true; at++) ids.push(...optional(all[at]?.[1]));
  return ids;
}

const optional = (id: number | undefined): readonly number[] => (id === undefined ? [] : [id]);
