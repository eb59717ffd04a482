import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../contracts/decision.ts';
import { FAINT, fuse, fusedPeaks } from './fuse.ts';

const PROMPT = { kind: 'prompt' } as const;
const OUTPUT = { kind: 'artifact', index: 0 } as const;
const INPUT = { kind: 'input_image', index: 0 } as const;

function said(score: number, more: Partial<Evidence> = {}): Evidence {
  return { check: 'nudity', category: 'sexual', reason: 'nudity:explicit', score, subject: OUTPUT, isEarlier: false, ...more };
}
const words = (score: number, check = 'prompt-rules') => said(score, { check, reason: 'lexicon:x', subject: PROMPT });
const riskOf = (...evidence: Evidence[]) => fusedPeaks(evidence).get('sexual');

describe('a fused risk', () => {
  it('of one signal is its score, so that a threshold keeps its meaning', () => {
    for (const score of [0.001, 0.2, 0.5, 1]) expect(riskOf(said(score))).toBe(score);
  });

  it('of several readers of one sentence, or of one network before and after an edit, is the highest of them', () => {
    expect(riskOf(words(0.5), words(0.5, 'prompt-classifier'), words(0.4, 'prompt-external'))).toBe(0.5);
    expect(riskOf(said(0.5, { subject: INPUT, isEarlier: true }), said(0.5))).toBe(0.5);
  });

  it('of words and pictures together is higher than either', () => {
    expect(riskOf(words(0.5), said(0.4))).toBeCloseTo(0.5 + 0.5 * 0.25, 10);
  });

  it('is not raised by what checks say about everything', () => {
    expect(riskOf(words(FAINT), said(0.55))).toBe(0.55);
  });

  it('takes words that stand in a file for words: they are mostly those of the prompt', () => {
    expect(riskOf(words(0.5), said(0.5, { check: 'file-sanity', reason: 'metadata:lexicon:x' }))).toBe(0.5);
  });

  it('names what each signal adds, and the parts sum up to it', () => {
    const [risk] = fuse([words(0.5), words(0.3, 'prompt-classifier'), said(0.4)]);
    expect(risk?.contributions.map(({ check, added, family }) => [check, Number(added.toFixed(3)), family])).toEqual([
      ['prompt-rules', 0.5, 'words'],
      ['nudity', 0.125, 'pictures'],
      ['prompt-classifier', 0, 'words'],
    ]);
  });
});

const evidence: fc.Arbitrary<Evidence> = fc.record({
  check: fc.constantFrom('nudity', 'edit-anomaly', 'prompt-rules', 'person-match', 'somebody-new'),
  category: fc.constantFrom('sexual' as const, 'ncii_undress' as const),
  reason: fc.constantFrom('a', 'metadata:b'),
  /** Often equal: what is equally strong shows whether the order depends on the order of finding. */
  score: fc.oneof(fc.double({ min: 0.0001, max: 1, noNaN: true }), fc.constantFrom(0.2, 0.5, 1)),
  subject: fc.constantFrom(PROMPT, OUTPUT, INPUT),
  isEarlier: fc.boolean(),
});
const list = fc.array(evidence, { maxLength: 8 });
/** Sums of doubles differ in the last place. */
const NEARLY = 1e-12;

describe('whatever is found', () => {
  it('is between the highest score and certain', () => {
    fc.assert(
      fc.property(list, (found) => {
        for (const { category, risk } of fuse(found)) {
          const highest = Math.max(...found.filter((one) => one.category === category).map(({ score }) => score));
          expect(risk).toBeGreaterThanOrEqual(highest);
          expect(risk).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is never lowered by one more signal, nor by a higher score', () => {
    fc.assert(
      fc.property(list, evidence, fc.double({ min: 0, max: 1, noNaN: true }), (found, more, raise) => {
        const before = fusedPeaks(found);
        const after = fusedPeaks([...found, more]);
        for (const [category, risk] of before) expect(after.get(category)).toBeGreaterThanOrEqual(risk - NEARLY);
        const raised = fusedPeaks([...found, { ...more, score: Math.max(more.score, raise) }]);
        for (const [category, risk] of after) expect(raised.get(category)).toBeGreaterThanOrEqual(risk - NEARLY);
      }),
    );
  });

  it('comes out the same in any order', () => {
    const twins = [said(0.5), said(0.5, { subject: INPUT }), said(0.5, { isEarlier: true })];
    expect(fuse(twins.toReversed())).toEqual(fuse(twins));
    fc.assert(
      fc.property(
        list.chain((found) => fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length }))),
        ([found, shuffled]) => {
          expect(fuse(shuffled)).toEqual(fuse(found));
          expect(fusedPeaks(shuffled)).toEqual(fusedPeaks(found));
        },
      ),
    );
  });
});
