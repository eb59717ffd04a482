import { expect, test } from 'vitest';
import type { PromptReading } from './prompt-reading.ts';
import { readPrompt } from './read-prompt.ts';
import { RecentReadings } from './recent-readings.ts';
import { createWordBook, standardWordBook } from './word-book.ts';

const book = standardWordBook();

function counted() {
  const texts: string[] = [];
  const read = (text: string): PromptReading => {
    texts.push(text);
    return { original: text, parts: [] };
  };
  return { texts, read };
}

test('the checks of one request share one reading of its prompt', () => {
  expect(readPrompt('a red kite over the dunes')).toBe(readPrompt('a red kite over the dunes'));
});

test('a reading for one word book is never given for another', () => {
  const other = createWordBook(['xylograph']);
  expect(readPrompt('a red kite', other)).not.toBe(readPrompt('a red kite'));
});

test('only the last sixteen texts are kept, so that a flood of prompts does not fill the memory', () => {
  const { texts, read } = counted();
  const recent = new RecentReadings();
  for (let number = 0; number < 17; number += 1) recent.get(`prompt ${number}`, book, read);
  recent.get('prompt 16', book, read);
  recent.get('prompt 0', book, read);
  expect(texts).toHaveLength(18);
});

test('a very long prompt is read and let go', () => {
  const { texts, read } = counted();
  const recent = new RecentReadings();
  const long = 'tree '.repeat(2_000);
  recent.get(long, book, read);
  recent.get(long, book, read);
  expect(texts).toHaveLength(2);
});
