/** Longer runs of letters are no words that come again. */
const LONGEST_WORD = 32;
/** Short words that are kept; text has the same few thousand again and again. A megabyte or two. */
const MOST_WORDS = 20_000;
const MOST_UNKNOWN_WORDS = 4_000;

/** The same for what differs from book to book. Far fewer words: these are the ones that no book has. */
export function rememberedFor<Book extends object, Said>(of: (word: string, book: Book) => Said): (word: string, book: Book) => Said {
  const ofBook = new WeakMap<Book, (word: string) => Said>();
  let last: { readonly book: Book; readonly say: (word: string) => Said } | undefined;
  return (word, book) => {
    if (last?.book !== book) {
      const say = ofBook.get(book) ?? remembered((one: string) => of(one, book), MOST_UNKNOWN_WORDS);
      ofBook.set(book, say);
      last = { book, say };
    }
    return last.say(word);
  };
}

/** `of`, which must always say the same of the same word, remembering what it said. Starts anew when it knows too many words. */
export function remembered<Said>(of: (word: string) => Said, most = MOST_WORDS): (word: string) => Said {
  const known = new Map<string, { readonly said: Said }>();
  return (word) => {
    const earlier = known.get(word);
    if (earlier !== undefined) return earlier.said;
    const said = of(word);
    if (word.length > LONGEST_WORD) return said;
    if (known.size >= most) known.clear();
    known.set(word, { said });
    return said;
  };
}
