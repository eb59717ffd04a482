import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../src/case/pieces.ts';
import { ACTIONS, clashes, isSingleKey, KEYMAP, keyOf, strokeName } from '../src/keys/keymap.ts';
import { byForecast } from '../src/pages/by-forecast.ts';
import { diffLines, hunks } from '../src/pages/line-diff.ts';
import { isHidden } from '../src/parts/hidden-characters.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('the keyboard', () => {
  it('gives no key to two actions that could both act', () => {
    expect(ACTIONS.filter((action) => clashes(action, KEYMAP[action].key, {}).length > 0)).toEqual([]);
  });

  it('names strokes as the keymap writes them', () => {
    expect(strokeName({ ...plain, key: ' ' })).toBe('Space');
    expect(strokeName({ ...plain, key: '?', shiftKey: true })).toBe('?');
    expect(strokeName({ ...plain, key: 'Enter', shiftKey: true })).toBe('Shift+Enter');
    expect(strokeName({ ...plain, key: 'K', metaKey: true })).toBe('Ctrl+k');
  });

  it('knows which strokes are single keys, which can be switched off', () => {
    expect(['u', 'Space', 'Shift+Enter'].every(isSingleKey)).toBe(true);
    expect(['Ctrl+k', 'Alt+1'].some(isSingleKey)).toBe(false);
  });

  it('lets a reviewer put another key in place and sees the clash', () => {
    expect(keyOf('undo', { undo: 'z' })).toBe('z');
    expect(clashes('undo', 'g', {})).toEqual(['grey']);
  });
});

describe('a prompt with marks', () => {
  it('loses no character, whatever the spans', () => {
    const span = fc.record({
      start: fc.integer({ min: -5, max: 60 }),
      end: fc.integer({ min: -5, max: 60 }),
      category: fc.constant('x'),
      rule: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.array(span, { maxLength: 6 }), (text, spans) => {
        expect(
          piecesOf(text, spans)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('shows what turns text around and what cannot be seen', () => {
    for (const character of ['\u202e', '\u200b', '\u2066', '\u0007', '\u{e0041}', '\ufeff'])
      expect(isHidden(character.codePointAt(0) ?? 0), character).toBe(true);
    for (const character of ['a', '\n', '\t', 'ش', '日', '🙂']) expect(isHidden(character.codePointAt(0) ?? 0), character).toBe(false);
  });
});

describe('what changed in a policy', () => {
  it('gives both texts back', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(
          lines
            .filter(({ kind }) => kind !== 'added')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(before);
        expect(
          lines
            .filter(({ kind }) => kind !== 'removed')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(after);
      }),
    );
  });

  it('shows nothing of what stayed the same far away', () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    expect(hunks(diffLines(before, before.replace('line 20', 'line x'))).length).toBeLessThan(9);
  });
});

describe('queues', () => {
  const queue = {
    description: '',
    pending: 1,
    mine: 0,
    oldest_at: null,
    first_due_at: null,
    forecast: null,
    eligible: true,
    blocked_because: null,
  };
  const in_ = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

  it('stand by the first broken deadline that is forecast, not by name or by deadline alone', () => {
    const order = byForecast([
      { ...queue, id: 'empty', name: 'A', pending: 0 },
      { ...queue, id: 'soon-but-well', name: 'B', first_due_at: in_(20), forecast: { breaches_next_4h: 0 } },
      { ...queue, id: 'will-break', name: 'C', first_due_at: in_(90), forecast: { breaches_next_4h: 3 } },
      { ...queue, id: 'late', name: 'D', first_due_at: in_(-5) },
      { ...queue, id: 'not-mine', name: 'E', first_due_at: in_(-50), eligible: false },
    ]).map(({ id }) => id);
    expect(order).toEqual(['late', 'will-break', 'soon-but-well', 'empty', 'not-mine']);
  });
});
