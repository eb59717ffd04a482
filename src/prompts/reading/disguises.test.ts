import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePrompt } from '../rules/evaluate-prompt.ts';
import { rulesFrom } from '../rules/standard-rules.fixture.ts';
import { canonicalize } from './canonicalize.ts';
import { COMMON_WORDS } from './word-list.ts';

const rules = rulesFrom(`
version: "1"
rules:
  - { id: marker, category: brand_safety, score: 1, languages: [en, ru], anyOf: [purple teapot, фиолетовый чайник] }
`);
const isSeen = (text: string) => evaluatePrompt(rules, text).length > 0;
const words = COMMON_WORDS.split(' ').filter((word) => word.length > 2);

/** The marker among common words, and a number that disguises may draw from. */
const sentence = fc
  .tuple(fc.array(fc.constantFrom(...words), { minLength: 2, maxLength: 6 }), fc.nat({ max: 6 }), fc.nat())
  .map(([around, at, seed]) => ({ text: [...around.slice(0, at), 'purple teapot', ...around.slice(at)].join(' '), seed }));

type Hide = (word: string, seed: number) => string;
const inWords = (hide: Hide) => (text: string, seed: number) => text.replace(/\p{L}+/gu, (word) => hide(word, seed));
const table = (pairs: Readonly<Record<string, string>>) => (word: string) => Array.from(word, (letter) => pairs[letter] ?? letter).join('');
const at = (word: string, seed: number) => 1 + (seed % (word.length - 1));
const WIDE = { a: '4', b: '8', e: '3', g: '9', i: '1', l: '1', o: '0', s: '5', t: '7', z: '2' };
const INVISIBLE = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u3164'];
const BETWEEN = ['.', '-', '_', '/', '~', '·', '✨', '+', ','];

const REVERSIBLE: Readonly<Record<string, Hide>> = {
  'digits for many letters': inWords(table(WIDE)),
  'signs for letters': inWords(table({ a: '@', e: '€', i: '!', l: '|', o: '0', s: '$' })),
  'digits in the marker alone': (text) => text.replace('purple teapot', table(WIDE)('purple teapot')),
  'any sign between all letters': inWords((word, seed) => [...word].join(BETWEEN[seed % BETWEEN.length])),
  'one sign inside every word': inWords(
    (word, seed) => word.slice(0, at(word, seed)) + (BETWEEN[seed % 4] ?? '.') + word.slice(at(word, seed)),
  ),
  'a mixture of invisible characters': inWords((word, seed) =>
    Array.from(word, (letter, index) => letter + (INVISIBLE[(seed + index) % INVISIBLE.length] ?? '')).join(''),
  ),
  'vowels three times': inWords((word) => word.replace(/[aeiou]/g, '$&$&$&')),
  'letters apart and words further apart': (text, seed) =>
    text
      .split(' ')
      .map((word) => [...word].join(' '))
      .join(' '.repeat(2 + (seed % 3))),
  'tabs between letters': (text) =>
    text
      .split(' ')
      .map((word) => [...word].join('\t'))
      .join('\t\t\n'),
  'tags around first letters': inWords((word, seed) => word.replace(/^./, seed % 2 === 0 ? '<b>$&</b>' : '<i class="x">$&</i>')),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal with spaces': (text) =>
    text.replace('purple teapot', (marker) => [...marker].map((c) => c.charCodeAt(0).toString(16)).join(' ')),
  'hexadecimal in base64': (text) => Buffer.from(Buffer.from(text).toString('hex').toUpperCase()).toString('base64'),
  'an override of direction': (text) => `\u202e${[...text].reverse().join('')}\u202c`,
  'a break of tokens': (text) => text.replace('purple teapot', 'purple BREAK teapot'),
  'the name of a network': (text) => text.replace('purple teapot', '<lora:purple_teapot_v2:0.8>'),
  'a key of JSON': (text) => JSON.stringify({ [text]: true, style: 'oil' }),
};

describe('a marker in a sentence of common words', () => {
  it.each(Object.entries(REVERSIBLE))('is seen behind %s', (_, hide) => {
    const all = fc.sample(sentence, { numRuns: 60, seed: 7 });
    const missed = all.filter(({ text, seed }) => !isSeen(hide(text, seed)));
    // Some neighbors make another word together; the target of the quality table is 98 %.
    expect(missed.length, missed.map(({ text, seed }) => hide(text, seed)).join('\n')).toBeLessThanOrEqual(1);
  });

  it('is seen when it is cut in two that are words themselves', () => expect(isSeen('a purple tea pot on a table')).toBe(true));

  it.each([
    ['dots', 'ф.и.о.л.е.т.о.в.ы.й ч.а.й.н.и.к'],
    ['gaps', 'ф и о л е т о в ы й   ч а й н и к'],
    ['stretching', 'фиооолетовый чааайник'],
    ['digits', 'фи0лет0вый ч4йник'],
    ['an override of direction', '\u202eкинйач йывотелоиф\u202c'],
  ])('is seen in Cyrillic behind %s', (_, text) => expect(isSeen(text)).toBe(true));
});

describe('honest numbers, compounds and single letters', () => {
  it.each([
    'a 4 year old and a 15 year old, 2 4k photos, 50mm f1.8, 80085 pixels',
    'a black-and-white cat, a well-known tea-room, a state-of-the-art lamp',
    'plan b, vitamin c and the letters x y',
    'deadbeef 20240101 12345678',
    'a < b > c',
  ])('stay as they are in "%s"', (text) => expect(canonicalize(text).tricks).toEqual([]));
});
