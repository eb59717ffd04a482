/** All words that occur in any term of the rules. */
export interface Vocabulary {
  /** Letters of the longest word. */
  readonly longest: number;
  idOf(word: string): number | undefined;
  /** True when some word starts with these letters. */
  beginsWord(letters: string): boolean;
}

/** Numbers words as they come. */
export function createVocabulary(words: Iterable<string>): Vocabulary {
  const ids = new Map<string, number>();
  const beginnings = new Set<string>();
  let longest = 0;
  for (const word of words) {
    if (ids.has(word)) continue;
    ids.set(word, ids.size);
    longest = Math.max(longest, word.length);
    for (let length = 0; length <= word.length; length++) beginnings.add(word.slice(0, length));
  }
  return { longest, idOf: (word) => ids.get(word), beginsWord: (letters) => beginnings.has(letters) };
}
