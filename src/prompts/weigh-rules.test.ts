import { describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import { readPrompt } from './reading/read-prompt.ts';
import { type SecondOpinion, weighRules } from './weigh-rules.ts';

const KNOWN = new Set(['a', 'poster', 'about', 'the', 'thief', 'of', 'time']);

/** Says `score` to everything about illegal goods; knows only English words. */
const saying = (score: number): SecondOpinion => ({
  categories: ['illegal_goods', 'sexual'],
  isForeign: (words) => words.filter((word) => KNOWN.has(word)).length < words.length / 2,
  score: () => [{ head: 'illegal', category: 'illegal_goods', score, value: 0, words: [] }],
});

const PROMPT = 'a poster about the thief of time';
const fired = (score: number, category: Category = 'illegal_goods', word = 'thief', prompt = PROMPT) => {
  const start = prompt.indexOf(word);
  return { category, score, reason: 'lexicon:x', spans: [{ start, end: start + word.length }] };
};
const weighed = (signal: ReturnType<typeof fired>, opinion: number, prompt = PROMPT) =>
  weighRules([signal], readPrompt(prompt), saying(opinion))[0]?.score;

describe('a word rule beside the classifier', () => {
  it('does not hold a harmless sentence for one bare word', () => expect(weighed(fired(0.6), 0.01)).toBeLessThan(0.3));
  it('still holds a prompt for a phrase that hardly means anything else', () => expect(weighed(fired(0.8), 0)).toBeGreaterThan(0.5));
  it('is believed as it stands when the classifier says as much', () => expect(weighed(fired(0.6), 0.7)).toBe(0.6));
  it('is believed when somebody took the trouble to hide the word', () => {
    const hidden = 'a poster about the t\u200bh\u200bi\u200bef of time';
    expect(weighed(fired(0.6, 'illegal_goods', 't\u200bh\u200bi\u200bef', hidden), 0, hidden)).toBe(0.6);
  });
  it('is always believed when it is sure', () => expect(weighed(fired(1), 0)).toBe(1));
  it('is believed in categories that the classifier cannot judge', () => expect(weighed(fired(0.6, 'ncii_undress'), 0)).toBe(0.6));
  it('never scores more than it did, nor less than the classifier', () => {
    for (let own = 0.05; own <= 1; own += 0.05)
      for (let other = 0; other <= 1; other += 0.05) {
        const score = weighed(fired(own), other) ?? 0;
        expect(score).toBeLessThanOrEqual(own);
        expect(score).toBeGreaterThanOrEqual(Math.min(own, other));
      }
  });
  it('is believed in another language, also by one foreign word in an English sentence', () => {
    const foreign = 'ein plakat mit einem dieb';
    expect(weighed(fired(0.6, 'illegal_goods', 'dieb', foreign), 0, foreign)).toBe(0.6);
    const mixed = 'a poster about the dieb of time';
    expect(weighed(fired(0.6, 'illegal_goods', 'dieb', mixed), 0, mixed)).toBe(0.6);
  });
});
