import { pick } from '../random.ts';
import { mapLetters, without } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff'] as const;

const after = (name: string, sign: string): LetterTrick => ({
  name,
  apply: (text) => mapLetters(text, (letter) => (letter === ' ' ? letter : letter + sign)),
  undo: (text) => text.replaceAll(sign, ''),
});

export const INVISIBLE_TRICKS: readonly LetterTrick[] = [
  {
    name: 'zero-width',
    apply: (text, random) => mapLetters(text, (letter) => letter + pick(ZERO_WIDTH, random)),
    undo: without(/\u200b|\u200c|\u200d|\u2060|\ufeff/gu),
  },
  after('soft-hyphen', '\u00ad'),
  after('variation-selector', '\ufe0f'),
  {
    name: 'tag-characters',
    // A harmless word in invisible tags between the letters, as a smuggled one would be.
    apply: (text) => mapLetters(text, (letter) => letter + String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0x20))),
    undo: without(/[\u{e0000}-\u{e007f}]/gu),
  },
  after('hangul-filler', '\u3164'),
];

export const INVISIBLE = overTextAndMarker('invisible', INVISIBLE_TRICKS);
