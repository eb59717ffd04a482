/** Ways of disguising a text, harmless by themselves: applied to any text, by a generator that gives 0 up to 1. */
export interface TrickFamily {
  readonly name: string;
  /** Lossy: a reader has to guess. */
  readonly isLossy: boolean;
  readonly apply: (text: string, random: () => number) => string;
}

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  j: 'ј',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
  y: 'у',
  h: 'һ',
  d: 'ԁ',
};
const MIXED: Readonly<Record<string, string>> = {
  ...LOOK_ALIKES,
  a: 'α',
  o: 'ο',
  v: 'ν',
  t: 'т',
  n: 'п',
  k: 'κ',
  u: 'υ',
  m: 'м',
  b: 'в',
  w: 'ԝ',
};
const DIGITS: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7', b: '8', g: '9' };
const SIGNS: Readonly<Record<string, string>> = { a: '@', s: '$', i: '!', e: '3', o: '0', t: '+', l: '|', c: '(' };
const MIXED_LEET: Readonly<Record<string, string>> = { a: '4', e: '€', i: '1', l: '1', o: '0', s: '$', t: '7', g: '6', z: '2', b: '8' };

const LETTER = /[a-z]/gi;
const WORD = /[a-z]+/gi;
const LONG_WORD = /[a-z]{4,}/gi;

const swapped =
  (table: Readonly<Record<string, string>>, share = 1) =>
  (text: string, random: () => number) =>
    text.replace(LETTER, (letter) => (random() < share ? (table[letter.toLowerCase()] ?? letter) : letter));
const shifted = (lower: number, upper: number) => (text: string) =>
  text.replace(LETTER, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCodePoint(code >= 97 ? lower + code - 97 : upper + code - 65);
  });
const between = (separator: string) => (text: string) => text.replace(WORD, (word) => [...word].join(separator));
const inLongWords = (change: (word: string, random: () => number) => string) => (text: string, random: () => number) =>
  text.replace(LONG_WORD, (word) => change(word, random));
const at = (word: string, random: () => number) => 1 + Math.floor(random() * (word.length - 2));
const reversed = (text: string) => [...text].reverse().join('');
const rot13 = (text: string) =>
  text.replace(LETTER, (letter) => {
    const base = letter >= 'a' ? 97 : 65;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
const reversible = (name: string, apply: TrickFamily['apply']): TrickFamily => ({ name, isLossy: false, apply });
const lossy = (name: string, apply: TrickFamily['apply']): TrickFamily => ({ name, isLossy: true, apply });

/** The families of the literature that work on characters and words. */
export const TRICKS: readonly TrickFamily[] = [
  reversible('casing', (text, random) => text.replace(LETTER, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase()))),
  reversible('leet digits', swapped(DIGITS)),
  reversible('leet signs', swapped(SIGNS)),
  reversible('leet mixed', swapped(MIXED_LEET)),
  reversible('leet, half of the letters', swapped(DIGITS, 0.5)),
  reversible('look-alikes, one script', swapped(LOOK_ALIKES)),
  reversible('look-alikes, several scripts', swapped(MIXED)),
  reversible('full width', shifted(0xff41, 0xff21)),
  reversible('mathematical bold', shifted(0x1d41a, 0x1d400)),
  reversible('Fraktur', shifted(0x1d586, 0x1d56c)),
  reversible('circled', shifted(0x24d0, 0x24b6)),
  reversible('regional indicators', shifted(0x1f1e6, 0x1f1e6)),
  reversible('zero width', between('\u200b')),
  reversible('tag characters', between('\u{e0041}')),
  reversible('variation selectors', between('\ufe0f')),
  reversible('soft hyphens', between('\u00ad')),
  reversible('stacked marks', (text, random) =>
    text.replace(LETTER, (letter) => letter + '\u0336\u0317\u030a'.slice(0, 1 + Math.floor(random() * 3))),
  ),
  reversible('accents', (text, random) => text.replace(/[aeiou]/gi, (vowel) => vowel + (random() < 0.5 ? '\u0301' : '\u0308'))),
  reversible('right-to-left override', (text) => `\u202e${reversed(text)}\u202c`),
  reversible('dots', between('.')),
  reversible('dashes', between('-')),
  reversible('emoji', between('🔥')),
  reversible(
    'one separator in a word',
    inLongWords((word, random) => {
      const cut = at(word, random);
      return word.slice(0, cut) + '-._*'.charAt(Math.floor(random() * 4)) + word.slice(cut);
    }),
  ),
  reversible('underscores between words', (text) => text.replaceAll(' ', '_')),
  reversible('repeated letters', (text, random) => text.replace(LETTER, (letter) => letter.repeat(random() < 0.3 ? 3 : 1))),
  reversible('spaced, word gaps kept', (text) => text.replace(/\s+/g, '   ').replace(WORD, (word) => [...word].join(' '))),
  reversible('half of the words spaced', (text, random) => text.replace(WORD, (word) => (random() < 0.5 ? [...word].join(' ') : word))),
  reversible('HTML entities', (text) => text.replace(LETTER, (letter) => `&#${letter.charCodeAt(0)};`)),
  reversible('URL escapes', (text) => text.replace(/[a-z ]/gi, (letter) => `%${letter.charCodeAt(0).toString(16)}`)),
  reversible('source escapes', (text) => text.replace(LETTER, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  reversible('base64', (text) => Buffer.from(text).toString('base64')),
  reversible('base64 in URL escapes', (text) => encodeURIComponent(Buffer.from(encodeURIComponent(text)).toString('base64'))),
  reversible('ROT13', rot13),
  lossy('spaced without word gaps', (text) => text.replace(/\s+/g, '').split('').join(' ')),
  lossy('joined words', (text) => text.replace(/\s+/g, '')),
  lossy(
    'split words',
    inLongWords((word, random) => {
      const cut = at(word, random);
      return `${word.slice(0, cut)} ${word.slice(cut)}`;
    }),
  ),
  lossy(
    'adjacent letters swapped',
    inLongWords((word, random) => {
      const cut = at(word, random);
      return word.slice(0, cut) + word.charAt(cut + 1) + word.charAt(cut) + word.slice(cut + 2);
    }),
  ),
  lossy(
    'dropped letter',
    inLongWords((word, random) => {
      const cut = at(word, random);
      return word.slice(0, cut) + word.slice(cut + 1);
    }),
  ),
  lossy(
    'starred vowel',
    inLongWords((word) => word.replace(/(?<=.)[aeiou]/i, '*')),
  ),
  lossy('reversed words', (text) => text.replace(WORD, reversed)),
];
