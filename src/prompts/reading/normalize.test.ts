import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize, wordsOf } from './normalize.ts';

describe('normalizing a prompt', () => {
  it('folds case, accents, strokes and ligatures', () => {
    expect(wordsOf('Größe ŁÓDŹ œuvre ﬁne İstanbul')).toEqual(['grosse', 'lodz', 'oeuvre', 'fine', 'istanbul']);
  });

  it('leaves real Cyrillic, Greek and Hindi words in their script', () => {
    expect(wordsOf('привет κόσμος हिन्दी')).toEqual(['привет', 'κοσμος', 'हिनदी']);
  });

  it('takes every ideograph as a word', () => expect(wordsOf('青い空')).toEqual(['青', 'い', '空']));

  it('reads letters in brackets as letters', () => expect(wordsOf('⒫⒰⒭⒫⒧⒠ ㋿')).toEqual(['purple', '令', '和']));

  it('covers the text in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let last = 0;
        for (const { start, end } of normalize(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = start;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('gives the same words when it reads its own words again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wordsOf(text);
        expect(wordsOf(words.join(' '))).toEqual(words);
      }),
    );
  });
});
