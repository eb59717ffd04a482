import { endianness } from 'node:os';
import { z } from 'zod';
import { readingsOf } from './term-readings.ts';
import { addTerm, createTrie, type TermNode, type TermTree, type TermUse } from './term-trie.ts';
import { createVocabulary, type TermWord, type Vocabulary } from './vocabulary.ts';

/** A term as its words, and where it belongs. */
export interface Phrase {
  readonly words: readonly TermWord[];
  readonly use: TermUse;
}

/** Terms as plain data: expanded, folded, numbered and sorted, which is nearly all of the work of loading them. */
export const preparedTermsSchema = z.strictObject({
  /** Every word once, in the order of its first use, between line breaks; a star at its end makes it a beginning. */
  words: z.string(),
  /**
   * Readings of phrases, by their first word: rule, part, number of words, and the index of each word; base64 of 32-bit
   * integers, little-endian, since tens of thousands of numbers in JSON take longer to check than to use.
   */
  readings: z.string(),
  /** Where the readings that start with each word begin among those numbers, in the order of the words; and where all end. */
  branches: z.string(),
  phraseCount: z.int(),
});

export type PreparedTerms = z.output<typeof preparedTermsSchema>;

/** What `prepareTerms` made, and how many readings there are, where a beginning stands for each word that begins so. */
interface CountedTerms {
  readonly terms: PreparedTerms;
  readonly readings: number;
}

export function prepareTerms(phrases: readonly Phrase[]): CountedTerms {
  const words = new Map<string, TermWord>();
  for (const phrase of phrases) for (const word of phrase.words) if (!words.has(nameOf(word))) words.set(nameOf(word), word);
  const vocabulary = createVocabulary(words.values());
  const ofFirst = Array.from(words, (): number[] => []);
  let count = 0;
  for (const { words: own, use } of phrases) {
    const readings = readingsOf(own, vocabulary);
    count += readings.count;
    for (const ids of readings.readings) ofFirst[ids[0] ?? -1]?.push(use.rule, use.part, ids.length, ...ids);
  }
  const branches = [0];
  for (const numbers of ofFirst) branches.push((branches.at(-1) ?? 0) + numbers.length);
  const terms: PreparedTerms = {
    words: [...words.keys()].join('\n'),
    readings: toBase64(ofFirst.flat()),
    branches: toBase64(branches),
    phraseCount: phrases.length,
  };
  return { terms, readings: count };
}

function nameOf({ text, isBeginning }: TermWord): string {
  return isBeginning ? `${text}*` : text;
}

export interface PlantedTerms {
  readonly vocabulary: Vocabulary;
  readonly terms: TermTree;
  readonly phraseCount: number;
}

/**
 * The tree that is searched. A branch grows when a prompt first has its first word: most words of the rules occur in no
 * prompt of a whole day, and the nodes of all of them would be most of the time that loading takes.
 */
export function plantTerms({ words, readings, branches, phraseCount }: PreparedTerms): PlantedTerms {
  // It numbers words as they come, so a word's id is its index here.
  const vocabulary = createVocabulary(words === '' ? [] : words.split('\n').map(wordOf));
  return { vocabulary, terms: { next: new Branches(fromBase64(readings), fromBase64(branches)) }, phraseCount };
}

/** Numbers before the words of a reading. */
const HEAD = 3;

/** The nodes below the root, each made when somebody first asks for it. */
class Branches {
  readonly #numbers: Int32Array;
  readonly #starts: Int32Array;
  readonly #grown = new Map<number, TermNode | undefined>();

  constructor(numbers: Int32Array, starts: Int32Array) {
    this.#numbers = numbers;
    this.#starts = starts;
  }

  get(first: number): TermNode | undefined {
    if (first < 0 || this.#starts[first] === this.#starts[first + 1]) return undefined;
    if (!this.#grown.has(first)) this.#grown.set(first, this.#grow(this.#starts[first] ?? 0, this.#starts[first + 1] ?? 0));
    return this.#grown.get(first);
  }

  #grow(from: number, to: number): TermNode {
    const node = createTrie();
    for (let at = from; at < to; ) {
      const [rule = 0, part = 0, words = 0] = this.#numbers.subarray(at, at + HEAD);
      const rest = this.#numbers.subarray(at + HEAD + 1, at + HEAD + words);
      addTerm(node, rest, { rule, part });
      at += HEAD + words;
    }
    return node;
  }
}

function wordOf(name: string): TermWord {
  const isBeginning = name.endsWith('*');
  return { text: isBeginning ? name.slice(0, -1) : name, isBeginning };
}

function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeInt32LE(number, index * 4);
  return bytes.toString('base64');
}

function fromBase64(text: string): Int32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap32();
  return new Int32Array(bytes.buffer, 0, bytes.length >> 2);
}
