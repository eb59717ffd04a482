import { alphabet } from './letters.ts';
import { type LetterTrick, overTextAndMarker } from './mutation.ts';

const nfkc = (text: string) => text.normalize('NFKC');

const regional = alphabet('regional-indicators', 0x1f1e6);

export const FANCY_TRICKS: readonly LetterTrick[] = [
  { ...alphabet('full-width', 0xff41), undo: nfkc },
  { ...alphabet('math-bold', 0x1d41a), undo: nfkc },
  // Unicode had the italic h before, as Planck's constant.
  { ...alphabet('math-italic', 0x1d44e, { h: 'ℎ' }), undo: nfkc },
  { ...alphabet('fraktur', 0x1d51e), undo: nfkc },
  { ...alphabet('double-struck', 0x1d552), undo: nfkc },
  { ...alphabet('circled', 0x24d0), undo: nfkc },
  alphabet('squared', 0x1f130),
  {
    ...regional,
    // Two neighbors would be drawn as a flag.
    apply: (text, random) => regional.apply(text, random).replace(/[\u{1f1e6}-\u{1f1ff}](?=[\u{1f1e6}-\u{1f1ff}])/gu, '$&\u200b'),
    undo: (text) => regional.undo?.(text.replaceAll('\u200b', '')) ?? text,
  },
];

export const FANCY_LETTERS = overTextAndMarker('fancy-letters', FANCY_TRICKS);
