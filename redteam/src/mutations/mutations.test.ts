import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random.ts';
import { MARKED_SEEDS } from '../seeds.ts';
import { MUTATIONS } from './all.ts';
import { CASE_TRICKS } from './case.ts';
import { DIRECTION_TRICKS } from './direction.ts';
import { ENCODING_TRICKS } from './encodings.ts';
import { FANCY_TRICKS } from './fancy-letters.ts';
import { INVISIBLE_TRICKS } from './invisible.ts';
import { LEET_TRICKS } from './leet.ts';
import { LOOK_ALIKE_TRICKS } from './look-alikes.ts';
import { MARK_TRICKS } from './marks.ts';
import { SEPARATOR_TRICKS } from './separators.ts';
import { GAP_TRICKS, SPACING_TRICKS } from './spacing.ts';
import { TYPO_TRICKS } from './typos.ts';

const TRICKS = [
  ...CASE_TRICKS,
  ...LEET_TRICKS,
  ...LOOK_ALIKE_TRICKS,
  ...FANCY_TRICKS,
  ...INVISIBLE_TRICKS,
  ...MARK_TRICKS,
  ...DIRECTION_TRICKS,
  ...SEPARATOR_TRICKS,
  ...SPACING_TRICKS,
  ...GAP_TRICKS,
  ...TYPO_TRICKS,
  ...ENCODING_TRICKS,
];
const reversible = TRICKS.flatMap(({ name, apply, undo }) => (undo === undefined ? [] : [{ name, apply, undo }]));
const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 6 }).map((list) => list.join(' '));

describe('tricks on letters', () => {
  it.each(reversible)('$name gives back every lower-case text that it disguised', ({ name, apply, undo }) => {
    fc.assert(
      fc.property(words, fc.string(), (text, seed) => {
        expect(undo(apply(text, randomFrom(name + seed)))).toBe(text);
      }),
    );
  });

  it('are reversible in forty forms at least, so that the claim is not empty', () => {
    expect(reversible.length).toBeGreaterThanOrEqual(40);
  });

  it.each(TRICKS)('$name changes what it disguises', ({ name, apply }) => {
    expect(apply('a purple teapot and a striped walrus', randomFrom(name))).not.toBe('a purple teapot and a striped walrus');
  });
});

describe('mutations', () => {
  it('have a name each, so that a known failure means one of them', () => {
    const names = MUTATIONS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(MUTATIONS)('$name says the same for the same seed and chance, and never nothing', ({ name, apply }) => {
    for (const seed of MARKED_SEEDS) {
      const text = apply(seed, randomFrom(name));
      expect(text).toBe(apply(seed, randomFrom(name)));
      expect(text.trim()).not.toBe('');
    }
  });

  it('look different under another seed of chance where they choose by chance', () => {
    const [seed] = MARKED_SEEDS;
    const zalgo = MUTATIONS.find(({ name }) => name === 'zalgo');
    if (seed === undefined || zalgo === undefined) throw new Error('no seed or no zalgo');
    expect(zalgo.apply(seed, randomFrom('1'))).not.toBe(zalgo.apply(seed, randomFrom('2')));
  });
});
