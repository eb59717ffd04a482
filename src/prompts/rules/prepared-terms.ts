import { z } from 'zod';
import { addReadings } from './term-readings.ts';
import { addTerm, createTrie, type TermNode, type TermUse } from './term-trie.ts';
import { createVocabulary, type TermWord, type Vocabulary } from './vocabulary.ts';

/** A term as its words, and where it belongs. */
export interface Phrase {
  readonly words: readonly TermWord[];
  readonly use: TermUse;
}

/** Terms as plain data: expanded, folded and numbered, which is most of the work of loading them. */
export const preparedTermsSchema = z.strictObject({
  /** Every word once, in the order of its first use, between line breaks; a star at its end makes it a beginning. */
  words: z.string(),
  /**
   * Phrases one after the other: rule, part, number of words, and the index of each word; base64 of 32-bit integers, since
   * tens of thousands of numbers in JSON take longer to check than to use.
   */
  phrases: z.string(),
});

export type PreparedTerms = z.output<typeof preparedTermsSchema>;

export function prepareTerms(phrases: readonly Phrase[]): PreparedTerms {
  const indexes = new Map<string, number>();
  const numbers: number[] = [];
  for (const { words, use } of phrases) {
    numbers.push(use.rule, use.part, words.length);
    for (const { text, isBeginning } of words) {
      const name = isBeginning ? `${text}*` : text;
      const index = indexes.get(name) ?? indexes.size;
      indexes.set(name, index);
      numbers.push(index);
    }
  }
  return { words: [...indexes.keys()].join('\n'), phrases: toBase64(numbers) };
}

export interface PlantedTerms {
  readonly vocabulary: Vocabulary;
  readonly terms: TermNode;
  readonly phraseCount: number;
  /** Entries of the tree, where a beginning stands for each word that begins so. */
  readonly readings: number;
}

/**
 * Makes the tree that is searched. A branch grows when a prompt first asks for its first word: most words of the rules occur
 * in no prompt of a whole day, and the nodes of all of them would be most of the time that loading takes.
 */
export function plantTerms({ words: names, phrases }: PreparedTerms): PlantedTerms {
  const words = names === '' ? [] : names.split('\n').map(wordOf);
  // It numbers words as they come, so a word's id is its index here.
  const vocabulary = createVocabulary(words);
  const terms = createTrie();
  const numbers = fromBase64(phrases);
  const branches = new Map<number, number[]>();
  let readings = 0;
  let phraseCount = 0;
  for (let at = 0; at < numbers.length; at += HEAD + (numbers[at + 2] ?? 0), phraseCount++) {
    const { ids, use } = phraseAt(numbers, at);
    if (ids.some((id) => words[id]?.isBeginning === true)) {
      const own = ids.flatMap((id) => words[id] ?? []);
      readings += addReadings(terms, own, use, vocabulary);
      continue;
    }
    readings += 1;
    const [first = -1] = ids;
    const branch = branches.get(first);
    if (branch === undefined) branches.set(first, [at]);
    else branch.push(at);
  }
  terms.next ??= new Map();
  for (const [first, own] of branches) terms.next.set(first, new Branch(terms.next.get(first) ?? createTrie(), numbers, own));
  return { vocabulary, terms, phraseCount, readings };
}

/** Numbers before the words of a phrase. */
const HEAD = 3;

function phraseAt(numbers: Int32Array, at: number): { readonly ids: readonly number[]; readonly use: TermUse } {
  const ids: number[] = [];
  for (let i = at + HEAD; i < at + HEAD + (numbers[at + 2] ?? 0); i++) ids.push(numbers[i] ?? -1);
  return { ids, use: { rule: numbers[at] ?? 0, part: numbers[at + 1] ?? 0 } };
}

/** A node whose phrases are added when somebody first looks at it. */
class Branch implements TermNode {
  readonly #node: TermNode;
  readonly #numbers: Int32Array;
  /** Where the phrases of this branch start; empty once they have grown. */
  #phrases: readonly number[];

  constructor(node: TermNode, numbers: Int32Array, phrases: readonly number[]) {
    this.#node = node;
    this.#numbers = numbers;
    this.#phrases = phrases;
  }

  get next() {
    return this.#grown().next;
  }

  get uses() {
    return this.#grown().uses;
  }

  #grown(): TermNode {
    if (this.#phrases.length === 0) return this.#node;
    const waiting = this.#phrases;
    this.#phrases = [];
    for (const at of waiting) {
      const { ids, use } = phraseAt(this.#numbers, at);
      addTerm(this.#node, ids.slice(1), use);
    }
    return this.#node;
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
  const bytes = Buffer.from(text, 'base64');
  const numbers = new Int32Array(bytes.length >> 2);
  for (let index = 0; index < numbers.length; index++) numbers[index] = bytes.readInt32LE(index * 4);
  return numbers;
}
