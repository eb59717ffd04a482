import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAGGED_FROM } from './edit-comparison.ts';
import { editScore } from './edit-score.ts';
import { poseChangeOf } from './pose-change.ts';

const QUIET = { anomaly: 0, nudityRise: 0, poseShare: 0, strayed: null };
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the suspicion of an edit', () => {
  it('is none where only the pose is another one, or only the background, however much', () => {
    expect(editScore({ ...QUIET, poseShare: 1 })).toBe(0);
    expect(editScore({ ...QUIET, poseShare: 1, strayed: { changed: 1, skin: 0 } })).toBe(0);
    expect(editScore({ ...QUIET, poseShare: 1, strayed: { changed: 1, skin: 1 } })).toBeGreaterThan(FLAGGED_FROM);
    expect(editScore({ ...QUIET, strayed: { changed: 0, skin: 0.7 } })).toBeLessThan(FLAGGED_FROM);
  });

  it('that would not be flagged alone is flagged beside another pose, or outside of the mask', () => {
    const alone = { ...QUIET, anomaly: 0.25 };
    expect(editScore(alone)).toBeLessThan(FLAGGED_FROM);
    expect(editScore({ ...alone, poseShare: 1 })).toBeGreaterThan(FLAGGED_FROM);
    expect(editScore({ ...alone, strayed: { changed: 0.6, skin: 0 } })).toBeGreaterThan(FLAGGED_FROM);
  });

  it('counts nudity for less where a body could be compared', () => {
    expect(editScore({ ...QUIET, nudityRise: 0.8 })).toBeLessThan(editScore({ ...QUIET, anomaly: null, nudityRise: 0.8 }));
  });

  it('never falls when anything rises, and stays a share', () => {
    const evidence = fc.record({
      anomaly: share,
      nudityRise: fc.double({ min: -1, max: 1, noNaN: true }),
      poseShare: share,
      strayed: fc.record({ changed: share, skin: share }),
    });
    fc.assert(
      fc.property(evidence, evidence, (a, b) => {
        const higher = {
          anomaly: Math.max(a.anomaly, b.anomaly),
          nudityRise: Math.max(a.nudityRise, b.nudityRise),
          poseShare: Math.max(a.poseShare, b.poseShare),
          strayed: { changed: Math.max(a.strayed.changed, b.strayed.changed), skin: Math.max(a.strayed.skin, b.strayed.skin) },
        };
        const [low, high] = [editScore(a), editScore(higher)];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low - 1e-12);
      }),
    );
  });
});

describe('a pose', () => {
  const face = (rollDegrees: number, aside = 0, down = 0.5) => ({ rollDegrees, facing: { aside, down } });
  it('is the same within what readings are off by, also across the half turn', () => {
    expect(poseChangeOf(face(0), face(4, 0.05)).share).toBe(0);
    expect(poseChangeOf(face(179), face(-179))).toEqual({ turnedDegrees: 2, share: 0 });
  });

  it('is another one when the head leans, turns aside or nods', () => {
    for (const other of [face(40), face(0, 0.5), face(0, 0, 1)]) expect(poseChangeOf(face(0), other).share).toBe(1);
    expect(poseChangeOf(face(0), face(18)).share).toBe(0.5);
  });
});
