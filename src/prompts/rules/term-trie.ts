/** Where a term belongs: a rule, and its part there. */
export interface TermUse {
  readonly rule: number;
  /** One of the negative numbers below; 0 and up: the group of `allOf`. */
  readonly part: number;
}

export const PART_ANY = -1;
export const PART_EXCEPTION = -2;
/** A word of the context that takes a hit back. */
export const PART_UNLESS = -3;
/** A term that counts in negative prompts only. */
export const PART_NEGATIVE = -4;

/** A tree of terms, word by word. Most of its thousands of nodes are leaves, so nothing is made before it is needed. */
export interface TermNode {
  next: Map<number, TermNode> | undefined;
  uses: TermUse[] | undefined;
}

/** The root of a tree, whose branches may not be there yet. */
export interface TermTree {
  readonly next: { get(word: number): TermNode | undefined };
}

export function createTrie(): TermNode {
  return { next: undefined, uses: undefined };
}

/** Adds a term, as ids of its words. A use that is there already is not added twice. */
export function addTerm(root: TermNode, words: Iterable<number>, use: TermUse): void {
  let node = root;
  for (const word of words) {
    node.next ??= new Map();
    const next = node.next.get(word) ?? createTrie();
    node.next.set(word, next);
    node = next;
  }
  node.uses ??= [];
  if (!node.uses.some(({ rule, part }) => rule === use.rule && part === use.part)) node.uses.push(use);
}

/** Words of a prompt as ids; `pairs` says which word it is that a word and its neighbor make together (`tea pot`). */
export interface IdSequence {
  readonly ids: readonly number[];
  readonly pairs: ReadonlyMap<number, number>;
}

type OnTerm = (use: TermUse, last: number) => void;

/** Calls `onTerm` for every term that starts at `from`, with the index of its last word. */
export function termsAt(root: TermTree | TermNode, sequence: IdSequence, from: number, onTerm: OnTerm): void {
  const { ids, pairs } = sequence;
  let node: Pick<TermTree, 'next'> | TermNode | undefined = root;
  for (let at = from; node !== undefined; at++) {
    const pair = pairs.get(at);
    if (pair !== undefined) follow(node.next?.get(pair), sequence, at + 1, onTerm);
    node = node.next?.get(ids[at] ?? -1);
    report(node, at, onTerm);
  }
}

function follow(node: TermNode | undefined, sequence: IdSequence, last: number, onTerm: OnTerm): void {
  if (node === undefined) return;
  report(node, last, onTerm);
  termsAt(node, sequence, last + 1, onTerm);
}

function report(node: TermNode | undefined, last: number, onTerm: OnTerm): void {
  if (node?.uses !== undefined) for (const use of node.uses) onTerm(use, last);
}
