import { createRandom, type Random } from '../../src/prompts/classifier/train/random.ts';

/** A way to hide a text; `lossy` ones cannot be undone for certain. */
export interface Disguise {
  readonly name: string;
  readonly lossy: boolean;
  readonly hide: (text: string) => string;
}

const CYRILLIC: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', i: 'і', j: 'ј', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у' };
const GREEK: Readonly<Record<string, string>> = { a: 'α', i: 'ι', k: 'κ', o: 'ο', p: 'ρ', t: 'τ', u: 'υ', v: 'ν', x: 'χ' };
const DIGITS: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const SIGNS: Readonly<Record<string, string>> = { a: '@', e: '€', i: '!', s: '$', t: '+' };

const mapped = (text: string, table: Readonly<Record<string, string>>) =>
  text.toLowerCase().replace(/[a-z]/g, (letter) => table[letter] ?? letter);
const shifted = (text: string, from: number, capital = from) =>
  text.replace(/[a-zA-Z]/g, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCodePoint(code >= 97 ? from + code - 97 : capital + code - 65);
  });
const between = (text: string, sign: string) => text.replace(/([a-zA-Z])(?=[a-zA-Z])/g, `$1${sign}`);

/** Changes words of four letters and more. */
function inWords(change: (word: string, random: Random) => string): (text: string) => string {
  return (text) => {
    const random = createRandom(text.length * 7 + 3);
    return text.replace(/[a-zA-Z]{4,}/g, (word) => change(word, random));
  };
}
const inside = (word: string, random: Random) => 1 + random.below(word.length - 2);

/** Disguises of the families that the quality table names. */
export const DISGUISES: readonly Disguise[] = [
  ...Object.entries({
    capitals: (text: string) => text.toUpperCase(),
    'mixed case': (text: string) => text.replace(/[a-z]/g, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter)),
    'leet digits': (text: string) => mapped(text, DIGITS),
    'leet signs': (text: string) => mapped(text, SIGNS),
    'leet, some': inWords((word, random) => (random.next() < 0.5 ? mapped(word, DIGITS) : word)),
    'Cyrillic look-alikes': (text: string) => mapped(text, CYRILLIC),
    'Greek look-alikes': (text: string) => mapped(text, GREEK),
    'mixed look-alikes': inWords((word, random) => mapped(word, random.next() < 0.5 ? CYRILLIC : GREEK)),
    'full width': (text: string) => shifted(text, 0xff41, 0xff21),
    'mathematical bold': (text: string) => shifted(text, 0x1d41a, 0x1d400),
    fraktur: (text: string) => shifted(text, 0x1d586, 0x1d56c),
    circled: (text: string) => shifted(text, 0x24d0, 0x24b6),
    flags: (text: string) => shifted(text, 0x1f1e6),
    'zero width': (text: string) => between(text, '\u200b'),
    'soft hyphens': (text: string) => between(text, '\u00ad'),
    tags: (text: string) => between(text, '\u{e0041}'),
    zalgo: (text: string) => between(text, '\u0336\u0301\u0323'),
    accents: (text: string) => text.replace(/[aeiou]/g, '$&\u0301').normalize('NFC'),
    'stored backwards': (text: string) => `\u202e${[...text].reverse().join('')}\u202c`,
    'dots between': (text: string) => between(text, '.'),
    'dashes between': (text: string) => between(text, '-'),
    'emoji between': (text: string) => between(text, '🔥'),
    'one dash inside': inWords((word, random) => {
      const at = inside(word, random);
      return `${word.slice(0, at)}-${word.slice(at)}`;
    }),
    underscores: (text: string) => text.replaceAll(' ', '_'),
    stretched: (text: string) => text.replace(/[aeiou]/g, '$&$&$&'),
    'spaced, gaps kept': (text: string) =>
      text
        .split(' ')
        .map((word) => [...word].join(' '))
        .join('   '),
    'half the words spaced': (text: string) =>
      text
        .split(' ')
        .map((word, at) => (at % 2 ? [...word].join(' ') : word))
        .join('  '),
  }).map(([name, hide]) => ({ name, lossy: false, hide })),
  ...Object.entries({
    'spaced, no gaps': (text: string) => [...text.replaceAll(' ', '')].join(' '),
    'words joined': (text: string) => text.replaceAll(/[ ,]+/g, ''),
    'words cut': inWords((word, random) => {
      const at = inside(word, random);
      return `${word.slice(0, at)} ${word.slice(at)}`;
    }),
    'letters swapped': inWords((word, random) => {
      const at = inside(word, random);
      return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
    }),
    'letter dropped': inWords((word, random) => {
      const at = inside(word, random);
      return word.slice(0, at) + word.slice(at + 1);
    }),
    'vowel starred': inWords((word) => word.replace(/(.)[aeiou]/i, '$1*')),
    'words reversed': (text: string) => text.replace(/[a-zA-Z]+/g, (word) => [...word].reverse().join('')),
  }).map(([name, hide]) => ({ name, lossy: true, hide })),
];
