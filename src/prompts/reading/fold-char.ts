import type { TrickKind } from './prompt-reading.ts';
import { LATIN_VARIANTS, LOOK_ALIKE_LETTERS } from './unicode-tables.ts';

/**
 * What a character means to the matcher. Words are runs of `letter`; in the text of an `ideograph` every ideograph is a
 * word of its own (㏠ folds to a digit and one).
 */
export type CharKind = 'letter' | 'ideograph' | 'space' | 'other' | 'nothing';

export interface FoldedChar {
  readonly kind: CharKind;
  /** Lower case, without marks; may be several letters (ß, ligatures) or none. */
  readonly text: string;
  /** The Latin letter that it looks like, for a letter of another script. */
  readonly latin?: string;
  /** Set when nobody writes this character in an honest word. */
  readonly trick?: TrickKind;
}

/** Letters of living alphabets that compatibility folding leaves alone although readers take them for others. */
const STROKES: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ɔ: 'o',
  ə: 'e',
  ɛ: 'e',
};

const VARIANTS = byLetter(LATIN_VARIANTS);
const LOOK_ALIKES = byLetter(LOOK_ALIKE_LETTERS);
/** Lower-case letters that the Unicode data does not call confusable, though their shapes are used that way. */
for (const [letter, latin] of Object.entries({
  в: 'b',
  н: 'h',
  к: 'k',
  м: 'm',
  т: 't',
  п: 'n',
  г: 'r',
  ц: 'u',
  з: 'e',
  я: 'r',
  и: 'n',
  ԛ: 'q',
  β: 'b',
  δ: 'd',
  ε: 'e',
  γ: 'y',
  η: 'n',
  κ: 'k',
  μ: 'u',
  ς: 'c',
  τ: 't',
  χ: 'x',
  ω: 'w',
  ζ: 'z',
  θ: 'o',
  λ: 'l',
  π: 'n',
}))
  if (!LOOK_ALIKES.has(letter)) LOOK_ALIKES.set(letter, latin);

function byLetter(table: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(table).flatMap(([letter, chars]) => Array.from(chars, (char) => [char, letter] as const)));
}

const MAX_KNOWN = 20_000;
const known = new Map<number, FoldedChar>();
const ascii: FoldedChar[] = [];

/** Folds one code point: NFKC, lower case, marks and strokes off, invisible characters away. Pure; remembered. */
export function foldChar(codePoint: number): FoldedChar {
  const earlier = codePoint < 128 ? ascii[codePoint] : known.get(codePoint);
  if (earlier !== undefined) return earlier;
  if (known.size >= MAX_KNOWN) known.clear();
  const folded = fold(codePoint);
  known.set(codePoint, folded);
  return folded;
}

const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\p{Cf}]$/u;
const OVERLAY = /^(?:\p{Me}|[\u{334}-\u{338}]|[\u{346}-\u{36f}]|[\u{20d0}-\u{20f0}])$/u;
const MARK = /^[\p{Mn}\p{Me}]$/u;
/** U+FEFF is a space to JavaScript, and has no width. */
const SPACE = /^(?!\ufeff)[\s\p{Z}]$/u;
/** In one character of a text. */
export const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const NO_LETTERS = /[^\p{L}\p{N}\p{Mc}]/gu;
const DIGIT_OR_LETTER = /^[a-z]+$/;

function fold(codePoint: number): FoldedChar {
  const char = String.fromCodePoint(codePoint);
  const variant = STROKES[char.toLowerCase()] === undefined ? VARIANTS.get(char) : undefined;
  if (variant !== undefined) return { kind: 'letter', text: variant, trick: 'fancy_letters' };
  if (SPACE.test(char)) return { kind: 'space', text: ' ' };
  if (INVISIBLE.test(char) || (codePoint < 32 && codePoint !== 0)) return nothing(char);
  const plain = char
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC');
  const text = Array.from(plain, (letter) => STROKES[letter] ?? VARIANTS.get(letter) ?? letter).join('');
  // A letter in brackets or over a slash (⒜, ㈠, ℀) counts for the letters in it.
  const letters = text.replace(NO_LETTERS, '');
  if (IDEOGRAPH.test(letters)) return { kind: 'ideograph', text: letters };
  if (letters === '') return { kind: 'other', text };
  const latin = LOOK_ALIKES.get(char) ?? Array.from(letters, (letter) => LOOK_ALIKES.get(letter) ?? letter).join('');
  if (latin !== letters) return { kind: 'letter', text: letters, latin };
  const trick = trickOf(codePoint, letters);
  return trick === undefined ? { kind: 'letter', text: letters } : { kind: 'letter', text: letters, trick };
}

function nothing(char: string): FoldedChar {
  if (OVERLAY.test(char)) return { kind: 'nothing', text: '', trick: 'marks' };
  return MARK.test(char) ? { kind: 'nothing', text: '' } : { kind: 'nothing', text: '', trick: 'invisible' };
}

function trickOf(codePoint: number, letters: string): TrickKind | undefined {
  if (!DIGIT_OR_LETTER.test(letters)) return undefined;
  if (codePoint >= 0xff00 && codePoint < 0xfff0) return 'width';
  const isFancy = codePoint >= 0x1d400 || (codePoint >= 0x2090 && codePoint < 0x2500) || (codePoint >= 0x1d00 && codePoint < 0x1dc0);
  return isFancy ? 'fancy_letters' : undefined;
}

for (let codePoint = 0; codePoint < 128; codePoint++) ascii[codePoint] = fold(codePoint);
