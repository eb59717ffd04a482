import { describe, expect, it } from 'vitest';
import { createPromptClassifier } from '../classifier/prompt-classifier.ts';
import type { Text } from '../classifier/train/lessons.ts';
import { trainModel } from '../classifier/train/train-model.ts';
import { captions, WALRUS_LISTS } from '../classifier/walrus-model.fixture.ts';
import { exampleLessons, REVIEWERS } from './example-lessons.ts';
import { scoredWords } from './scored-words.ts';

const PLACES = ['at the market', 'in the forest', 'beside a white bridge', 'near a silver castle', 'by the river', 'in a garden'];
const decided = (text: string, count: number, asks: boolean) =>
  Array.from({ length: count }, (_, at) => ({
    id: `case_${text}${at}`,
    text: `${text} ${PLACES[at % PLACES.length] ?? ''}`,
    labels: { violence_gore: asks },
  }));

function trained(examples: readonly Text[]) {
  const model = trainModel({
    ...{ rows: captions(600), lists: WALRUS_LISTS, seed: 7, version: 'x', bucketBits: 12, epochs: 3, synthetic: 1_500 },
    examples,
  });
  const classifier = createPromptClassifier(model);
  const scoreOf = (text: string) =>
    Math.max(...classifier.score(scoredWords(text)).map(({ category, score }) => (category === 'violence_gore' ? score : 0)));
  return { scoreOf, provenance: model.header.provenance };
}

describe('what reviewers decided', () => {
  it('teaches a coded word that no list has, and leaves another new word alone', () => {
    const examples = exampleLessons([...decided('a green snorvel', 40, true), ...decided('a green quibbet', 40, false)]);
    const { scoreOf, provenance } = trained(examples);
    expect(scoreOf('a golden snorvel with a violin')).toBeGreaterThanOrEqual(0.6);
    expect(scoreOf('a golden quibbet with a violin')).toBeLessThan(0.6);
    expect(provenance.rows[REVIEWERS]).toBe(80);
  });

  it('never makes a head of sexual content with minors', () => {
    expect(exampleLessons([{ id: 'case_1', text: 'a', labels: { sexual_minors: true, sexual: true } }])).toEqual([]);
  });
});
