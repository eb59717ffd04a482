import { describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';
import { createEditAnomalyCheck } from './edit-anomaly-check.ts';
import type { CompareEdit } from './edit-comparer.ts';
import { type EditComparison, FLAGGED_FROM } from './edit-comparison.ts';

/** Nobody opens it here. */
const PICTURE = new Uint8Array([9]);

describe('the check', () => {
  const signal = new AbortController().signal;
  const about: CheckInput = { subject: { kind: 'artifact', index: 0 }, prompt: 'x', surface: 'api', operation: 'edit', image: PICTURE };
  const answering = (answer: EditComparison) => {
    const asked: Uint8Array[] = [];
    const fake: CompareEdit = async ({ before }) => {
      asked.push(before);
      return answer;
    };
    return { asked, check: createEditAnomalyCheck({ compareEdit: fake } as unknown as CheckParts, undefined) };
  };
  const answer = (score: number): EditComparison => ({
    kind: 'compared',
    score,
    samePersons: 1,
    personsBefore: 1,
    becameSkin: 0.5,
    keptStructure: 0,
    nudityRise: 0,
    poseChange: 0,
    strayed: null,
  });

  it('compares every picture that came in with the one that came out', async () => {
    const { asked, check } = answering(answer(0.8));
    const sources = [new Uint8Array([1]), new Uint8Array([2])];
    const said = await check.detect({ ...about, sources }, signal);
    expect(asked).toEqual(sources);
    const flagged = said.kind === 'signals' ? said.signals.filter(({ category }) => category === 'ncii_undress') : [];
    expect(flagged).toMatchObject([{ score: 0.8, reason: 'edit:bared' }]);
  });

  it('gives the mask with the first picture alone, and names a pose and a place that were not asked for', async () => {
    const masks: unknown[] = [];
    const fake: CompareEdit = async ({ mask }) => {
      masks.push(mask);
      return { ...(answer(0) as Extract<EditComparison, { kind: 'compared' }>), poseChange: 1, strayed: { changed: 0.5, skin: 0 } };
    };
    const check = createEditAnomalyCheck({ compareEdit: fake } as unknown as CheckParts, undefined);
    const mask = new Uint8Array([3]);
    const said = await check.detect({ ...about, sources: [new Uint8Array([1]), new Uint8Array([2])], mask }, signal);
    expect(masks).toEqual([mask, undefined]);
    const reasons = said.kind === 'signals' ? said.signals.filter(({ category }) => category === 'ncii_undress') : [];
    expect(reasons).toEqual([
      { category: 'ncii_undress', score: 0.04, reason: 'edit:reposed' },
      { category: 'ncii_undress', score: 0.04, reason: 'edit:outside-mask' },
    ]);
  });

  it('keeps what is not flagged below every rule about undressing', async () => {
    const said = await answering(answer(FLAGGED_FROM - 0.001)).check.detect({ ...about, sources: [PICTURE] }, signal);
    expect(said.kind === 'signals' && said.signals[0]?.score).toBeLessThan(0.1);
  });

  it('has nothing to say of a picture that came from words alone', async () => {
    const made = { ...about, operation: 'generate' as const };
    expect(await answering(answer(1)).check.detect(made, signal)).toEqual({ kind: 'signals', signals: [] });
  });

  it.each(['edit', 'variation'] as const)('fails in place of an answer (%s) without the picture that was changed', async (operation) => {
    await expect(answering(answer(0)).check.detect({ ...about, operation }, signal)).rejects.toThrow(
      'the pictures that an edit was made from',
    );
  });

  it('does not pass what it could not read', async () => {
    const said = await answering({ kind: 'unreadable', which: 'after' }).check.detect({ ...about, sources: [PICTURE] }, signal);
    expect(said).toEqual({ kind: 'abstained', reason: 'unreadable:after' });
  });
});
