/**
 * What a character means to the matcher. Words are runs of `letter`; in the text of an `ideograph` every ideograph is a
 * word of its own (㏠ folds to a digit and one).
 */
export type CharKind = 'letter' | 'ideograph' | 'space' | 'other' | 'nothing';

export interface FoldedChar {
  readonly kind: CharKind;
  /** Lower case, without marks; may be several letters (ß, ligatures) or none. */
  readonly text: string;
}

/** Letters that compatibility folding leaves alone although readers take them for others. */
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
  ɑ: 'a',
  ɡ: 'g',
  ɩ: 'i',
  ɔ: 'o',
  ə: 'e',
  ɛ: 'e',
  ᴀ: 'a',
  ʙ: 'b',
  ᴄ: 'c',
  ᴅ: 'd',
  ᴇ: 'e',
  ꜰ: 'f',
  ɢ: 'g',
  ʜ: 'h',
  ɪ: 'i',
  ᴊ: 'j',
  ᴋ: 'k',
  ʟ: 'l',
  ᴍ: 'm',
  ɴ: 'n',
  ᴏ: 'o',
  ᴘ: 'p',
  ʀ: 'r',
  ꜱ: 's',
  ᴛ: 't',
  ᴜ: 'u',
  ᴠ: 'v',
  ᴡ: 'w',
  ʏ: 'y',
  ᴢ: 'z',
};

/** Rows of letters in boxes and circles and flags that have no compatibility mapping; each starts at A. */
const LETTER_ROWS = [0x1f150, 0x1f170, 0x1f1e6];

const MAX_KNOWN = 20_000;
const known = new Map<number, FoldedChar>();

/** Folds one code point: NFKC, lower case, marks and strokes off, invisible characters away. Pure; remembered. */
export function foldChar(codePoint: number): FoldedChar {
  const earlier = known.get(codePoint);
  if (earlier !== undefined) return earlier;
  if (known.size >= MAX_KNOWN) known.clear();
  const folded = fold(codePoint);
  known.set(codePoint, folded);
  return folded;
}

const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\p{Cf}]$/u;
const SPACE = /^[\s\p{Z}]$/u;
/** In one character of a text. */
export const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const NO_LETTERS = /[^\p{L}\p{N}\p{Mc}]/gu;

function fold(codePoint: number): FoldedChar {
  for (const row of LETTER_ROWS) {
    const index = codePoint - row;
    if (index >= 0 && index < 26) return { kind: 'letter', text: String.fromCharCode(97 + index) };
  }
  const char = String.fromCodePoint(codePoint);
  if (SPACE.test(char)) return { kind: 'space', text: ' ' };
  if (INVISIBLE.test(char) || (codePoint < 32 && codePoint !== 0)) return { kind: 'nothing', text: '' };
  const plain = char
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC');
  const text = Array.from(plain, (letter) => STROKES[letter] ?? letter).join('');
  // A letter in brackets or over a slash (⒜, ㈠, ℀) counts for the letters in it.
  const letters = text.replace(NO_LETTERS, '');
  if (IDEOGRAPH.test(letters)) return { kind: 'ideograph', text: letters };
  return letters === '' ? { kind: 'other', text } : { kind: 'letter', text: letters };
}
