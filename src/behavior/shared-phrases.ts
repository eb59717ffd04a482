const MOST_PHRASES = 20;

/** The longest runs of three words or more that at least two of these texts have, those of most texts first. */
export function sharedPhrases(texts: readonly (readonly string[])[]): readonly string[] {
  const holders = new Map<string, Set<number>>();
  for (const [at, words] of texts.entries()) {
    for (let i = 0; i + 2 < words.length; i++) {
      const triple = words.slice(i, i + 3).join(' ');
      holders.set(triple, (holders.get(triple) ?? new Set()).add(at));
    }
  }
  const countOf = (words: readonly string[], i: number) => holders.get(words.slice(i, i + 3).join(' '))?.size ?? 0;
  const phrases = new Map<string, number>();
  for (const words of texts) {
    for (let i = 0; i + 2 < words.length; ) {
      if (countOf(words, i) < 2) {
        i++;
        continue;
      }
      let [end, least] = [i + 3, countOf(words, i)];
      for (; countOf(words, end - 2) >= 2; end++) least = Math.min(least, countOf(words, end - 2));
      phrases.set(words.slice(i, end).join(' '), least);
      i = end;
    }
  }
  return [...phrases]
    .map(([phrase, prompts]) => ({ phrase, prompts }))
    .sort((a, b) => b.prompts - a.prompts || b.phrase.length - a.phrase.length)
    .slice(0, MOST_PHRASES)
    .map(({ phrase }) => phrase);
}
