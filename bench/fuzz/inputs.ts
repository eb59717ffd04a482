import { captions } from '../prompts/captions.ts';
import { type Random, randomFrom } from './random.ts';

/** One family of hostile texts. Harmless words only: what is tested is that nothing breaks, not what is found. */
type Family = (random: Random, index: number) => string;

const caption = captions(11);
const some = (random: Random, most: number) => 1 + random.below(most);
const repeated = (count: number, make: () => string) => Array.from({ length: count }, make).join('');

/** Code points of one block of 128 after the other, so that 8,704 inputs in a row see all of Unicode, surrogates too. */
const BLOCKS = 0x110000 / 128;
const blocks: Family = (random, index) => repeated(some(random, 60), () => point((index % BLOCKS) * 128 + random.below(128)));

function point(code: number): string {
  return code > 0xd7ff && code < 0xe000 ? String.fromCharCode(code) : String.fromCodePoint(code);
}

const surrogates: Family = (random) =>
  repeated(some(random, 80), () => (random.below(3) === 0 ? 'a ' : String.fromCharCode(0xd800 + random.below(0x800))));

const units: Family = (random) => repeated(some(random, 120), () => String.fromCharCode(random.below(0x10000)));

const ENCODINGS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => encodeURIComponent(text),
  (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(''),
  (text) => [...text].map((char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
  (text) => text.replace(/[a-z]/g, (char) => String.fromCharCode(((char.charCodeAt(0) - 84) % 26) + 97)),
  (text) => [...text].reverse().join(''),
];
const MOST_ENCODED = 4_000;
const encodings: Family = (random) => {
  let text = caption().slice(0, 40);
  for (let depth = some(random, 12); depth > 0 && text.length < MOST_ENCODED / 6; depth--) text = random.pick(ENCODINGS)(text);
  return random.below(4) === 0 ? text.slice(random.below(text.length)) : text;
};

const combining: Family = (random, index) => {
  const marks = index % 64 === 0 ? 10_000 : some(random, 120);
  return `tea${repeated(marks, () => String.fromCharCode(0x300 + random.below(0x70)))}pot ${repeated(some(random, 9), () => point(0x1ab0 + random.below(0x50)))}`;
};

const MARKUP = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '((',
  '))',
  ':1.3',
  '"prompt":',
  '"negative_prompt":',
  '"',
  ',',
  ' BREAK ',
  ' AND ',
  '|',
  '::2',
  '--no ',
  '--ar 3:2',
  '<lora:a:1>',
  '<',
  '>',
  '</s>',
  '\\',
  '\n',
  '\0',
  'Negative prompt:',
  'null',
  '1e999',
  '__a__',
  '[[',
  '{a|b}',
  '<!--',
  '&amp;',
  'teapot ',
  'a hill ',
] as const;
const markup: Family = (random) => repeated(some(random, 60), () => random.pick(MARKUP));

const json: Family = (random) => {
  const value = (depth: number): unknown => {
    if (depth === 0) return random.pick([caption(), '', 0, null, true, -1.5]);
    const members = Array.from({ length: random.below(4) }, () => value(depth - 1));
    if (random.below(2) === 0) return members;
    return Object.fromEntries(
      members.map((member) => [random.pick(['prompt', 'negative_prompt', 'style', '__proto__', 'text', '']), member]),
    );
  };
  const text = JSON.stringify(value(random.below(6)));
  return random.below(3) === 0 ? text.slice(0, random.below(text.length + 1)) : text;
};

const deep: Family = (random) => {
  const [open, close] = random.pick([
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
    ['{"a":', '}'],
    ['"', '"'],
    ['<a>', '</a>'],
  ] as const);
  const depth = some(random, random.below(40) === 0 ? 20_000 : 300);
  return `${open.repeat(depth)}teapot${random.below(2) === 0 ? close.repeat(depth) : ''}`;
};

const NASTY = [
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\u0430',
  '\u0391',
  '\uff41',
  '\u{1d400}',
  '\u{1f1e6}',
  '\u{e0061}',
  '@',
  '$',
  '0',
  '1',
  '3',
  '.',
  '-',
  '_',
  '*',
  ' ',
  '  ',
  '\u0336',
  '\ufe0f',
  '\u2800',
  '\u3164',
  'ß',
  'İ',
  'ﬁ',
  '\u1e9e',
  '\u0345',
] as const;
const disguised: Family = (random) => {
  const chars = [...caption()];
  for (let changes = some(random, 60); changes > 0; changes--)
    chars.splice(random.below(chars.length + 1), random.below(2), random.pick(NASTY));
  return chars.join('');
};

const runs: Family = (random) => {
  const piece = random.pick([
    'a',
    'a ',
    'ab',
    '. ',
    '0',
    'o0',
    'teapot',
    't e a ',
    '&',
    '%41',
    'QUFB',
    '\u0e01',
    '漢',
    '\u05d0',
    '=',
    '((',
    'é',
    'ㅤ',
  ]);
  return piece.repeat(some(random, random.below(30) === 0 ? 8_000 : 200));
};

const mixed: Family = (random, index) => repeated(some(random, 4), () => random.pick(SIMPLE)(random, index).slice(0, 400));

const SIMPLE: readonly Family[] = [blocks, surrogates, units, encodings, markup, json, disguised, runs];
const FAMILIES = { blocks, surrogates, units, encodings, combining, markup, json, deep, disguised, runs, mixed } as const;
export type FamilyName = keyof typeof FAMILIES;
export const FAMILY_NAMES: readonly FamilyName[] = [
  'blocks',
  'surrogates',
  'units',
  'encodings',
  'combining',
  'markup',
  'json',
  'deep',
  'disguised',
  'runs',
  'mixed',
];

/** The text of a number: the same `seed` and `index` give the same shape again. Families take turns, Unicode's blocks twice as often. */
export function inputOf(seed: number, index: number): { readonly family: FamilyName; readonly text: string } {
  const turn = index % (FAMILY_NAMES.length + 1);
  const family = FAMILY_NAMES[turn] ?? 'blocks';
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ index);
  return { family, text: FAMILIES[family](random, Math.floor(index / (FAMILY_NAMES.length + 1)) * 2 + (turn === 0 ? 0 : 1)) };
}
