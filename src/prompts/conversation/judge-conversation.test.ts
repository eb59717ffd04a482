import { describe, expect, it } from 'vitest';
import type { Category } from '../../contracts/category.ts';
import type { Action } from '../../contracts/decision.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { Evidence, PastTurn } from './conversation-memory.ts';
import { judgeConversation } from './judge-conversation.ts';
import { extensions, firstSets } from './turn-sets.ts';

/** A marker policy: a purple teapot is not allowed (0.9), three kinds of dishes are doubtful (0.4). */
function judge(text: string): Signal[] {
  const signals: Signal[] = [];
  if (/purple teapot/.test(text)) signals.push({ category: 'brand_safety', score: 0.9, reason: 'rule:marker' });
  if (/\b(saucer|platter|tureen)\b/.test(text)) signals.push({ category: 'hate', score: 0.4, reason: 'rule:doubtful' });
  return signals;
}

const at = new Date('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

/** Turns as they were said, the oldest first; each judged alone, as it was then. */
function said(...texts: (string | readonly [string, Action])[]): PastTurn[] {
  const turns = texts.map((one, index): PastTurn => {
    const [text, action] = typeof one === 'string' ? [one, 'allow' as const] : one;
    const evidence: Evidence = Object.fromEntries(judge(text).map(({ category, score }): [Category, number] => [category, score]));
    return { text, action, evidence, at: minutesAgo(texts.length - index) };
  });
  return turns.reverse();
}

const verdict = (turns: readonly PastTurn[], text: string) =>
  judgeConversation({ text, turns, at, judge }).map(({ category, score, reason }) => ({
    category,
    score: Math.round(score * 100) / 100,
    reason,
  }));
const marker = [{ category: 'brand_safety', score: 0.9, reason: 'conversation:brand_safety' }];

describe('a request that is staged over several turns', () => {
  it.each([
    [['a shelf in purple'], 'teapot'],
    [['a shelf in purple'], 'now please add a teapot to it'],
    [['a shelf', 'make it purple'], 'add a teapot'],
    [['something purple', 'a green meadow', 'the sea at noon', 'a dog'], 'now a teapot'],
    [['a', 'purple', 'the sea at noon', 'tea'], 'pot'],
    [['purple', 'a dog', 'tea'], 'pot'],
    [['a wall with the letters pur'], 'ple teapot'],
  ])('%j, then "%s"', (before, last) => {
    const found = verdict(said(...before), last);
    // Cut words are joined only when nothing was said between them.
    expect(found).toEqual(before.includes('tea') ? [] : marker);
  });

  it('is found in the last turns when a word is cut twice', () => {
    expect(verdict(said('purple te', 'apo'), 't')).toEqual(marker);
  });

  it('is found through nine other turns, wherever they stand', () => {
    const noise = ['the sea', 'a dog', 'a cat', 'a hill', 'a road', 'a boat'];
    expect(verdict(said(...noise.slice(0, 3), 'something purple', ...noise.slice(3)), 'teapot')).toEqual(marker);
  });
});

describe('an innocent conversation', () => {
  it('stays innocent after one refusal', () => {
    expect(verdict(said('a dog', ['a purple teapot', 'block']), 'a teapot')).toEqual([]);
    expect(verdict(said('a dog', ['a purple teapot', 'block'], 'a meadow'), 'a cat')).toEqual([]);
    expect(verdict(said(['a saucer', 'block']), 'a platter')).not.toContainEqual(expect.objectContaining({ category: 'brand_safety' }));
  });

  it('is not held for what its earlier turns add up to without the present one', () => {
    expect(verdict(said('something purple', ['teapot', 'hold'], 'a dog'), 'a cat')).toEqual([]);
    expect(verdict(said('something purple', 'teapot', 'a dog'), 'a cat')).toEqual([]);
  });

  it('is not held for what one of its turns was allowed to say alone', () => {
    expect(verdict(said('a purple teapot'), 'a cat')).toEqual([]);
    expect(verdict(said('a cat'), 'a purple teapot')).toEqual([]);
  });
});

describe('two full prompts that have nothing to do with each other', () => {
  const filler = (words: number) => Array.from({ length: words }, (_, index) => `word${index}`).join(' ');
  /** Both words, anywhere in the text: two unrelated prompts hold them as easily as a staged one. */
  const anywhere = (text: string): Signal[] => {
    const places = ['saffron', 'kettle'].map((word) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length }));
    return places.every(({ start }) => start >= 0)
      ? [{ category: 'ip', score: 1, reason: 'x', spans: places.sort((a, b) => a.start - b.start) }]
      : [];
  };
  const turn = (text: string): PastTurn => ({ text, evidence: {}, action: 'allow', at });
  const found = (before: string, text: string) => judgeConversation({ text, turns: [turn(before)], at, judge: anywhere }).length;

  it('are not one request because each holds a word of it', () => {
    expect(found(`saffron ${filler(30)}`, `${filler(30)} kettle`)).toBe(0);
  });

  it('are one where the words stand side by side, or where the second one is an edit of the first', () => {
    expect(found(`${filler(30)} saffron`, `kettle ${filler(30)}`)).toBe(1);
    expect(found(`saffron ${filler(200)}`, 'now make it a kettle')).toBe(1);
    expect(found('a saffron wall', `${filler(20)} kettle`)).toBe(1);
  });
});

describe('weak evidence that repeats', () => {
  const doubtful = ['a saucer', 'a platter', 'a tureen'];

  it('adds up, also when some of it was refused', () => {
    const found = verdict(said(...doubtful, ['a saucer', 'hold']), 'a platter');
    expect(found).toEqual([{ category: 'hate', score: expect.any(Number), reason: 'conversation:hate' }]);
    expect(found[0]?.score).toBeGreaterThanOrEqual(0.5);
  });

  it('does not count against a turn that adds nothing to it, nor once or twice', () => {
    expect(verdict(said(...doubtful, ...doubtful), 'a dog')).toEqual([]);
    expect(verdict(said('a saucer'), 'a platter')).toEqual([]);
    expect(verdict(said('a saucer', 'a platter'), 'a tureen')).toEqual([]);
  });

  it('fades with time and with turns', () => {
    const old = said(...doubtful, 'a saucer').map((turn) => ({ ...turn, at: minutesAgo(25) }));
    expect(verdict(old, 'a platter')).toEqual([]);
    expect(verdict(said(...doubtful, 'a dog', 'a cat', 'a hill', 'a road', 'the sea', 'a boat'), 'a platter')).toEqual([]);
  });
});

describe('the sets of turns that are read together', () => {
  it('are each different, and listed oldest first', () => {
    const sets = firstSets(10).map((set) => set.join(' '));
    expect(new Set(sets).size).toBe(sets.length);
    expect(sets[0]).toBe('9 8 7 6 5 4 3 2 1 0');
    expect(sets).toEqual(expect.arrayContaining(['9', '0', '4 0', '4 3', '3 2 1 0']));
    expect(firstSets(0)).toEqual([]);
    expect(firstSets(1)).toEqual([[0]]);
    expect(extensions([5, 1], 7)).toEqual([
      [5, 1, 0],
      [5, 2, 1],
      [5, 3, 1],
      [5, 4, 1],
      [6, 5, 1],
    ]);
  });

  it('grow from those that gain, so that four parts are found among ten turns', () => {
    const parts = ['red', 'round', 'glass', 'bowl'];
    /** Each part says a little more, and eight other words say less: as a linear score over a window does. */
    const linear = (text: string): Signal[] => {
      const words = text.split(' ');
      const score = (parts.filter((part) => words.includes(part)).length / 4) * 0.9 - Math.max(0, words.length - 10) / 20;
      return score > 0.25 ? [{ category: 'ip', score, reason: 'x' }] : [];
    };
    const noise = ['a dog on a hill', 'a cat in the sun'];
    const before = [...noise, 'red', ...noise, 'round', ...noise, 'glass', 'a boat'];
    const turns = before.map((text): PastTurn => ({ text, evidence: {}, action: 'allow', at })).reverse();
    expect(judgeConversation({ text: 'bowl', turns, at, judge: linear })[0]?.score).toBeCloseTo(0.9);
  });

  const counting = (turns: readonly PastTurn[], text: string) => {
    let chars = 0;
    const found = judgeConversation({
      text,
      turns,
      at,
      judge: (whole) => {
        chars += whole.length;
        return judge(whole);
      },
    });
    return { found, chars };
  };
  const long = (letters: number) => 'word '.repeat(letters / 5).trim();

  it('cost bounded time, and a long turn does not hide what stands in it or beside it', () => {
    const hidden = counting(said(`${long(15_000)} purple`, 'a dog'), 'teapot');
    expect(hidden.found).toEqual([expect.objectContaining({ category: 'brand_safety' })]);
    const beside = counting(said('something purple', long(30_000), 'a dog'), 'teapot');
    expect(beside.found).toEqual([expect.objectContaining({ category: 'brand_safety' })]);
    expect(Math.max(hidden.chars, beside.chars)).toBeLessThan(200_000);
  });

  it('that cannot be judged whole make the judgement fail, never pass', () => {
    const turns = said(...Array.from({ length: 10 }, () => long(30_000)));
    expect(() => counting(turns, 'teapot')).toThrowError(expect.objectContaining({ code: 'CHECK_FAILED' }));
  });
});
