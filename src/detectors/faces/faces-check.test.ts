import { describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';
import type { SeenFace, Sight } from '../looking/sight.ts';
import { apparentAgeOf } from './apparent-age.ts';
import { createFacesCheck } from './faces-check.ts';

const face = (ages: [number, number], seenPx = 100): SeenFace => ({
  frame: 0,
  view: 0,
  place: { centerX: 0, centerY: 0, width: 100, height: 100, angle: 0 },
  facing: { aside: 0, down: 0.5 },
  box: { x: 0, y: 0, width: seenPx, height: seenPx },
  certainty: 1,
  rollDegrees: 0,
  seenPx,
  ages,
  descriptor: new Array(128).fill(0),
});

const signal = new AbortController().signal;
const picture: CheckInput = { subject: { kind: 'artifact', index: 0 }, prompt: 'x', surface: 'api', image: new Uint8Array([1]) };
const clean = { explicit: 0, suggestive: 0 };

async function said(...faces: SeenFace[]) {
  return saidOf(faces, false);
}

async function saidOf(faces: readonly SeenFace[], isCrowded: boolean) {
  const sight: Sight = { kind: 'seen', width: 9, height: 9, frames: 1, nudity: { quick: clean, deep: null }, faces, isCrowded };
  // The check takes the looker and nothing else.
  const check = createFacesCheck({ looker: { look: async () => sight } } as unknown as CheckParts, undefined);
  const answer = await check.detect(picture, signal);
  return answer.kind === 'signals' ? answer.signals : answer;
}

describe('apparent age', () => {
  it('counts the younger of two readings', () => {
    expect(apparentAgeOf(face([34, 22]))).toMatchObject({ years: 28, lowestYears: 22, impression: 'young' });
  });

  it('gives a face read as 25 about one chance in fifteen to be a minor’s', () => {
    expect(apparentAgeOf(face([25, 25])).minorProbability).toBeCloseTo(0.067, 2);
  });

  it('is nearly sure at 10 and nearly sure of the contrary at 45', () => {
    expect(apparentAgeOf(face([10, 10])).minorProbability).toBeGreaterThan(0.8);
    expect(apparentAgeOf(face([45, 45])).minorProbability).toBeLessThan(0.001);
  });

  it('takes an age that is no number for a young one', () => {
    expect(apparentAgeOf(face([Number.NaN, 40])).impression).toBe('young');
  });
});

describe('the check', () => {
  it('has nothing to say of adults: an estimate takes no restriction away', async () => {
    expect(await said(face([40, 44]), face([60, 61]))).toEqual([]);
  });

  it('names a young face once, as loud as the youngest, and below every threshold', async () => {
    const signals = await said(face([26, 27]), face([8, 9]), face([40, 40]));
    expect(signals).toMatchObject([{ category: 'sexual_minors', reason: 'face:young' }]);
    const [score] = Array.isArray(signals) ? signals.map((signal) => signal.score) : [];
    expect(score).toBeGreaterThan(0.03);
    expect(score).toBeLessThanOrEqual(0.04);
  });

  it('takes a face in a crowd at which nobody looked for one that may be a child’s', async () => {
    expect(await saidOf([face([40, 44])], true)).toMatchObject([{ category: 'sexual_minors', reason: 'face:illegible' }]);
    expect(await saidOf([face([8, 9])], true)).toMatchObject([{ reason: 'face:young' }, { reason: 'face:illegible' }]);
  });

  it('names a face that is too small to be read', async () => {
    expect(await said(face([50, 50], 30))).toMatchObject([{ reason: 'face:illegible' }]);
  });
});
