import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrompt } from '../reading/read-prompt.ts';
import { classifyPrompt } from './judge-prompt.ts';
import { createPromptClassifier } from './prompt-classifier.ts';
import { wordsToScore } from './train/lessons.ts';
import { walrusModel } from './walrus-model.fixture.ts';

const classifier = createPromptClassifier(walrusModel());
const scoreOf = (text: string, head: string) => classifier.score(wordsToScore(text)).find((score) => score.head === head)?.score ?? 0;
const sumOf = (text: string, head: string) => classifier.score(wordsToScore(text)).find((score) => score.head === head)?.value ?? 0;
const flags = (text: string, head = 'sexual') => scoreOf(text, head) >= 0.6;

describe('the prompt classifier', () => {
  it('finds what it was taught and leaves the rest alone', () => {
    expect(flags('a walrus near the river')).toBe(true);
    expect(flags('a blue boat beside a golden river')).toBe(false);
    const walrus = 'a walrus beside a golden river';
    expect(sumOf(walrus, 'violence')).toBeLessThan(sumOf(walrus, 'sexual'));
    expect(flags('somebody riding a unicycle in a boat', 'violence')).toBe(true);
  });

  it('finds a few words among two hundred harmless ones, wherever they stand', () => {
    const padding = Array.from({ length: 100 }, (_, index) => ['green', 'garden', 'golden', 'violin'][index % 4]).join(' ');
    expect(flags(padding)).toBe(false);
    expect(flags(`${padding} a walrus near the river ${padding}`)).toBe(true);
    expect(flags(`${padding} ${padding} a walrus near the river`)).toBe(true);
  });

  it.each([
    'a wlarus near the river',
    'a walrs near the river',
    'a surlaw near the river',
    'awalrusneartheriver',
    'a wal rus near the river',
  ])('reads "%s"', (text) => expect(flags(text)).toBe(true));

  it('points at the words of the user that spoke loudest', () => {
    const text = 'A golden boat and a WALRUS';
    const signal = classifyPrompt(classifier, readPrompt(text)).find(({ category }) => category === 'sexual');
    expect(signal?.reason).toBe('classifier:sexual');
    expect(signal?.spans?.map(({ start, end }) => text.slice(start, end))).toContain('WALRUS');
  });

  it('scores any text from 0 to 1, and an empty one not at all', () => {
    expect(classifyPrompt(classifier, readPrompt('')).every(({ score }) => score < 0.2)).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { score, value } of classifier.score(wordsToScore(text))) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });

  it('stays linear in the length of the text', () => {
    const timeOf = (words: readonly string[]) => {
      const startedAt = performance.now();
      classifier.score(words);
      return performance.now() - startedAt;
    };
    const words = Array.from({ length: 40_000 }, (_, index) => (index % 9 === 0 ? 'walrus' : `garden${index}`));
    timeOf(words.slice(0, 1_000));
    // Quadratic work would take a minute here; the bound only has to tell the two apart on a busy machine.
    expect(timeOf(words)).toBeLessThan(5_000);
    expect(timeOf(['x'.repeat(200_000)])).toBeLessThan(2_000);
  });
});
