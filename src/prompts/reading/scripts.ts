import type { Piece } from './normalize.ts';
import type { TrickKind } from './prompt-reading.ts';
import type { WordBook } from './word-book.ts';

const ASCII_WORD = /^[a-z0-9]+$/;
const HAS_LATIN = /[a-z]/;
const LOOKING_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Georgian}]/u;

/** Scripts that put no space between words; in them every character counts as a word, so a term is found inside a run. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}\p{Mc}]$/u;

/** True when a canonical word is matched character by character. */
export function isUnspaced(word: string): boolean {
  // ASCII, Latin, Greek, Cyrillic, Arabic and Devanagari end below Thai.
  return word.length > 0 && word.charCodeAt(0) >= 0xe00 && UNSPACED.test(word);
}

/** True for one letter or digit of a script whose words are written in letters: nothing there is a word by itself. */
export function isLoneLetter(word: string): boolean {
  if (word.length === 1 && word < '\u0080') return ASCII_WORD.test(word);
  // Two units are one letter only as a surrogate pair.
  if (word.length !== 1 && !(word.length === 2 && word >= '\ud800')) return false;
  return LETTER_OR_DIGIT.test(word) && !isUnspaced(word);
}

/** What the words of a whole text say about the scripts that its writer uses. */
export interface ScriptContext {
  /** Some word can only be real Cyrillic, Greek or the like. */
  readonly hasForeign: boolean;
  readonly hasLatin: boolean;
}

export function scriptContext(pieces: readonly Piece[]): ScriptContext {
  let [hasForeign, hasLatin] = [false, false];
  for (const { kind, text, latin } of pieces) {
    if (kind !== 'word') continue;
    if (HAS_LATIN.test(text)) hasLatin = true;
    else if (!hasForeign && (latin === undefined ? LOOKING_SCRIPT.test(text) : !ASCII_WORD.test(latin))) hasForeign = true;
  }
  return { hasForeign, hasLatin };
}

const NO_TRICKS: readonly TrickKind[] = [];

/**
 * The text of a word with its look-alike letters read as Latin: in a word of mixed scripts, and in a word that is
 * wholly of look-alikes where nobody writes that other script. Real Russian and Greek words stay.
 */
export function readScript(piece: Piece, context: ScriptContext, book: WordBook): { text: string; tricks: readonly TrickKind[] } {
  const { text, latin, tricks = NO_TRICKS } = piece;
  if (latin === undefined || !ASCII_WORD.test(latin) || !HAS_LATIN.test(latin)) return { text, tricks };
  if (HAS_LATIN.test(text)) return { text: latin, tricks: [...tricks, 'mixed_scripts'] };
  const isMeant = context.hasForeign
    ? latin.length > 3 && book.isRisky(latin)
    : context.hasLatin || (latin.length > 3 && book.has(latin)) || book.isRisky(latin);
  return isMeant ? { text: latin, tricks: [...tricks, 'look_alike'] } : { text, tricks };
}
