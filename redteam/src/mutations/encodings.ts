import { mapLetters, mapWords } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const hexOf = (letter: string) => (letter.codePointAt(0) ?? 0).toString(16);
const fromHex = (_: string, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16));
const rot13 = (text: string) => text.replace(/[a-z]/g, (letter) => String.fromCharCode((((letter.codePointAt(0) ?? 0) - 84) % 26) + 97));
const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString('utf8');

export const ENCODING_TRICKS: readonly LetterTrick[] = [
  {
    name: 'html-decimal',
    apply: (text) => mapLetters(text, (letter) => `&#${letter.codePointAt(0)};`),
    undo: (text) => text.replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits))),
  },
  {
    name: 'html-hex',
    apply: (text) => mapLetters(text, (letter) => `&#x${hexOf(letter)};`),
    undo: (text) => text.replace(/&#x([\da-f]+);/g, fromHex),
  },
  {
    name: 'percent',
    apply: (text) => mapLetters(text, (letter) => `%${hexOf(letter)}`),
    undo: decodeURIComponent,
  },
  {
    name: 'unicode-escapes',
    apply: (text) => mapLetters(text, (letter) => `\\u${hexOf(letter).padStart(4, '0')}`),
    undo: (text) => text.replace(/\\u([\da-f]{4})/g, fromHex),
  },
  { name: 'base64', apply: toBase64, undo: fromBase64 },
  { name: 'base64-twice', apply: (text) => toBase64(toBase64(text)), undo: (text) => fromBase64(fromBase64(text)) },
  {
    name: 'hex',
    apply: (text) => Buffer.from(text).toString('hex'),
    undo: (text) => Buffer.from(text, 'hex').toString('utf8'),
  },
  { name: 'rot13', apply: rot13, undo: rot13 },
  {
    name: 'pig-latin',
    apply: (text) => mapWords(text, (word) => (word.length < 4 ? word : `${word.slice(1)}${word.charAt(0)}ay`)),
  },
];

export const ENCODINGS = overTextAndMarker('encodings', ENCODING_TRICKS);
