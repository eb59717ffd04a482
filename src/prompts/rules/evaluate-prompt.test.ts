import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePrompt } from './evaluate-prompt.ts';
import { rulesFrom } from './standard-rules.fixture.ts';

const rules = rulesFrom(`
version: "1"
groups:
  color: [purple, violet]
rules:
  - { id: teapot, category: brand_safety, score: 0.5, languages: [en], anyOf: ["@color teapot", pott, "{3-4} cups"], noneOf: [toy teapot, purple teapot museum] }
  - { id: pair, category: ip, score: 0.3, languages: [en], allOf: [[walrus], [unicycle, tricycle]] }
`);
const quotes = (text: string) =>
  evaluatePrompt(rules, text).flatMap(({ spans = [] }) => spans.map(({ start, end }) => text.slice(start, end)));

describe('evaluating a prompt', () => {
  it('points at the words as the user wrote them', () => {
    expect(quotes('a big Purple\u00a0 TEAPOT, please')).toEqual(['Purple\u00a0 TEAPOT']);
  });

  it.each([
    ['full width', 'ｐｕｒｐｌｅ teapot'],
    ['mathematical letters', '𝓹𝓾𝓻𝓹𝓵𝓮 teapot'],
    ['circled letters', 'ⓟⓤⓡⓟⓛⓔ teapot'],
    ['flags', '🇵🇺🇷🇵🇱🇪 teapot'],
    ['small capitals', 'ᴘᴜʀᴘʟᴇ teapot'],
    ['zero-width spaces', 'p\u200bu\u200br\u200bple tea\u00adpot'],
    ['tag characters', 'pur\u{e0041}ple teapot'],
    ['direction marks', '\u202epurple\u202c teapot'],
    ['combining marks', 'p\u0336u\u0336rple téàpöt'],
    ['Cyrillic look-alikes', 'рurрlе tеароt'],
    ['digits for letters', 'purp1e t3ap0t'],
    ['signs for letters', 'purple te@pot'],
    ['stretched letters', 'puuurple teapooot'],
    ['dots', 'p.u.r.p.l.e teapot'],
    ['emoji', 'p🔥u🔥r🔥p🔥l🔥e teapot'],
    ['one dash', 'pur-ple tea_pot'],
    ['spaces', 'p u r p l e  t e a p o t'],
  ])('undoes %s', (_, prompt) => expect(evaluatePrompt(rules, prompt)).toHaveLength(1));

  it('does not find a word inside another, nor inside letters with spaces', () => {
    expect(quotes('spotted pottery, a s p o t t e d vase')).toEqual([]);
  });

  it('wants a term of every group', () => {
    expect(quotes('a walrus')).toEqual([]);
    expect(quotes('a walrus far away from a tricycle')).toEqual(['walrus', 'tricycle']);
  });

  it('takes back a hit inside an exception, and only that one', () => {
    expect(quotes('purple teapot museum')).toEqual([]);
    expect(quotes('purple teapot museum, violet teapot')).toEqual(['violet teapot']);
  });

  it('reads any string, with spans that lie inside it and do not overlap', () => {
    const piece = fc.constantFrom(
      'purple',
      'teapot',
      ' ',
      'walrus',
      '\ud800',
      '\u200b',
      '$',
      '.',
      'p u r',
      '😀',
      'ß',
      '4 cups',
      'tricycle',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { spans = [] } of evaluatePrompt(rules, text)) {
            let last = 0;
            for (const { start, end } of spans) {
              expect(start).toBeGreaterThanOrEqual(last);
              expect(end).toBeGreaterThan(start);
              last = end;
            }
            expect(last).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });

  it.each(['a.', 'p ', 'p.u.r.', '$', '5e!$', 'purple ', '\u0301', 'p\u200b', 'ppp', 'сосед '])(
    'stays linear on 256 KB of "%s"',
    (unit) => {
      const timeOf = (chars: number) => {
        const text = unit.repeat(chars / unit.length);
        const startedAt = performance.now();
        evaluatePrompt(rules, text);
        return performance.now() - startedAt;
      };
      timeOf(16_384);
      // Quadratic work would take minutes here; the bound only has to tell the two apart on a busy machine.
      expect(timeOf(262_144)).toBeLessThan(30_000);
    },
  );
});
