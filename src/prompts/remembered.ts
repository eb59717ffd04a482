/** Longer runs of letters are no words that come again. */
const LONGEST_WORD = 32;
/** Short words that are kept; text has the same few thousand again and again. A megabyte or two. */
const MOST_WORDS = 20_000;

/** `of`, which must always say the same of the same word, remembering what it said. Starts anew when it knows too many words. */
export function remembered<Said>(of: (word: string) => Said): (word: string) => Said {
  const known = new Map<string, { readonly said: Said }>();
  return (word) => {
    const earlier = known.get(word);
    if (earlier !== undefined) return earlier.said;
    const said = of(word);
    if (word.length > LONGEST_WORD) return said;
    if (known.size >= MOST_WORDS) known.clear();
    known.set(word, { said });
    return said;
  };
}
