import { expect, it } from 'vitest';
import { sharedPhrases } from './shared-phrases.ts';

it('are the longest runs that prompts share, those of most prompts first; what one alone says is none', () => {
  const texts = [
    'seven copper kettles red under northern glass dome',
    'seven copper kettles blue under northern glass dome',
    'under northern glass roof',
  ];
  expect(sharedPhrases(texts.map((text) => text.split(' ')))).toEqual([
    'under northern glass',
    'under northern glass dome',
    'seven copper kettles',
  ]);
  expect(sharedPhrases([['a', 'b'], [], ['a', 'b', 'c', 'd']])).toEqual([]);
});
