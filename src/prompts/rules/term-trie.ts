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

export function createTrie(): TermNode {
  return { next: undefined, uses: undefined };
}

/** Adds a term, as ids of its words. A use that is there already is not added twice. */
export function addTerm(root: TermNode, words: readonly number[], use: TermUse): void {
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

/** Calls `onTerm` for every term that starts at `from`, with the index of its last word. */
export function termsAt(root: TermNode, wordIds: readonly number[], from: number, onTerm: (use: TermUse, last: number) => void): void {
  let node: TermNode | undefined = root;
  for (let at = from; ; at++) {
    node = node.next?.get(wordIds[at] ?? -1);
    if (node === undefined) return;
    if (node.uses !== undefined) for (const use of node.uses) onTerm(use, at);
  }
}
