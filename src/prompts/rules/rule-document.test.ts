import { describe, expect, it } from 'vitest';
import { readRuleDocument } from './rule-document.ts';

const rules = (terms: string) => `version: t\nrules:\n  - { id: one, category: hate, score: 1, languages: [en], anyOf: ${terms} }\n`;

describe('a rules file', () => {
  it.each([
    ['an alias that leads nowhere', rules('[*nothing]'), 3],
    ['aliases that would make it huge', `${rules('&a [one]')}groups: { g: *a }\n`, 4],
    ['a key that is a list', rules('[one, ? [a] : b]'), 3],
    ['a hundred thousand brackets', '['.repeat(100_000), 1],
    ['half a character and nothing else', '\ud800', 1],
  ])('with %s is refused by its line, and nothing is thrown', (_, text, line) => {
    const read = readRuleDocument(text, 'mine.yaml');
    expect(read.ok ? [] : read.problems).toContainEqual(expect.objectContaining({ file: 'mine.yaml', line }));
  });
});
