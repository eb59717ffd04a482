import { readLeet } from './leet.ts';
import { unmask } from './mask.ts';
import type { TrickKind } from './prompt-reading.ts';
import { isLoneLetter } from './scripts.ts';
import { unstretch } from './stretch.ts';
import type { WordBook } from './word-book.ts';

export const APOSTROPHE = /^['’‘`´]$/;

/** Signs and letters of a word in the making. */
export class Fragments {
  readonly #book: WordBook;
  /** Without the signs. */
  plain = '';
  spelled = '';
  words = 0;
  /** The sign that it ends with, if any. */
  lastSign = '';
  #singles = 0;
  #startsLone = false;
  #hasUnknown = false;
  #hasLong = false;
  #hasApostrophe = false;

  constructor(book: WordBook) {
    this.#book = book;
  }

  take({ isSign, text }: { readonly isSign: boolean; readonly text: string }): void {
    this.spelled += text;
    this.lastSign = isSign ? text : '';
    if (isSign) this.#hasApostrophe ||= APOSTROPHE.test(text);
    else {
      this.plain += text;
      this.words += 1;
      this.#startsLone ||= this.words === 1 && isLoneLetter(text);
      if (isLoneLetter(text)) this.#singles += 1;
      else this.#hasLong ||= text.length > 3;
      if (!isLoneLetter(text)) this.#hasUnknown ||= !this.#book.has(text);
    }
  }

  /** One letter before a whole word: `t-shirt`, and not `s-ex` or `stripe-d`. */
  get isInitial(): boolean {
    return this.words === 2 && this.#startsLone && this.#singles === 1 && this.#hasLong && !this.#hasUnknown;
  }

  /** `n-ude` and `s.e.x` are broken, `and/or` is not. */
  get isBroken(): boolean {
    return !(this.#hasApostrophe && this.words === 2) && (this.#singles > 1 || this.#hasUnknown);
  }
}

const SPELLS_LAST = /^[$@€]$/;

/** The word that the parts are together, if they are one, and the trick by which it was hidden. */
export function readTogether(
  { plain, spelled, words, isBroken, isInitial, lastSign }: Fragments,
  book: WordBook,
): [string | undefined, TrickKind] {
  if (words === 0) return [undefined, 'punctuation'];
  const mayJoin = lastSign === '' && words > 1 && (isBroken || (book.isRisky(plain) && !isInitial));
  const whole = mayJoin ? wordIn(plain, book) : undefined;
  if (whole !== undefined && !isLikelier(spelled, whole, book)) return [whole, 'punctuation'];
  // `kil!` shouts more often than it hides; `a$$` does not, nor does a word with other signs in it.
  const isSpelled = lastSign === '' || SPELLS_LAST.test(lastSign) || /[^a-z]/.test(spelled.slice(0, -1));
  const leet = isSpelled ? readLeet(spelled, book) : undefined;
  if (leet !== undefined && (words > 1 || book.isRisky(leet) || !book.has(plain))) return [leet, 'leetspeak'];
  return [/[?_~]/.test(lastSign) ? undefined : unmask(spelled, book), 'masked_letters'];
}

/** True when the signs are letters of a word of the rules that `whole` only begins like: it lacks letters, and rules leave endings open. */
function isLikelier(spelled: string, whole: string, book: WordBook): boolean {
  const leet = book.isRisky(whole) ? readLeet(spelled, book) : undefined;
  return leet !== undefined && book.isRisky(leet) && (book.costOf(leet) ?? 0) < (book.costOf(whole) ?? 0);
}

function wordIn(letters: string, book: WordBook): string | undefined {
  const word = book.has(letters) ? letters : (readLeet(letters, book) ?? unstretch(letters, book));
  return word !== undefined && word.length > 2 ? word : undefined;
}
