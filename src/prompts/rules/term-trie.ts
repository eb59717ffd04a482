/** Where a term belongs: a rule, and its part there (see `PART_EXCEPTION`). */
export interface TermUse {
  readonly rule: number;
  /** −2: an exception; −1: any of; 0 and up: the group of `allOf`. */
  readonly part: number;
}

export const PART_EXCEPTION = -2;
export const PART_ANY = -1;

/** A tree of terms, word by word. */
export interface TermNode {
  readonly next: Map<number, TermNode>;
  readonly uses: TermUse[];
}

export function createTrie(): TermNode {
  return { next: new Map(), uses: [] };
}

/** Adds a term, as ids of its words. A use that is there already is not added twice. */
export function addTerm(root: TermNode, words: readonly number[], use: TermUse): void {
  let node = root;
  for (const word of words) {
    const next = node.next.get(word) ?? createTrie();
    node.next.set(word, next);
    node = next;
  }
  if (!node.uses.some(({ rule, part }) => rule === use.rule && part === use.part)) node.uses.push(use);
}

/** Calls `onTerm` for every term that starts at `from`, with the index of its last word. */
export function termsAt(root: TermNode, wordIds: readonly number[], from: number, onTerm: (use: TermUse, last: number) => void): void {
  let node: TermNode | undefined = root;
  for (let at = from; ; at++) {
    node = node.next.get(wordIds[at] ?? -1);
    if (node === undefined) return;
    for (const use of node.uses) onTerm(use, at);
  }
}
