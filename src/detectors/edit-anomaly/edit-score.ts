import { FLAGGED_FROM } from './edit-comparison.ts';
import type { Strayed } from './outside-mask.ts';

/** What was seen of an edit, each from 0 to 1 but for the rise. */
interface EditEvidence {
  /** Of the person whose body changed most; null when no body can be compared. */
  readonly anomaly: number | null;
  /** By how much explicit nudity rose, -1 to 1. */
  readonly nudityRise: number;
  readonly poseShare: number;
  /** Null without a mask that can be compared. */
  readonly strayed: Strayed | null;
}

/** A rise of nudity below this is what compression and color do to the networks. */
const NOISE = 0.15;
/** Where a body could be compared it says more than the networks, whom beige cloth alone can move by two thirds (one portrait of 45). */
const BESIDE_BODY = 0.45;
/** Skin on a body that was not to be edited: cloth and walls can have its color, so alone it flags nothing. */
const SKIN_OUTSIDE = 0.3;
/** A new pose, or a picture that changed where it was not to: models do both for good reasons, so they make suspicion stronger and none by themselves. */
const POSE = 0.4;
const OUTSIDE = 0.4;
/** Models draw anew a little around a mask; from a third on it is another picture. */
const CHANGED = { noise: 0.1, other: 0.35 } as const;

/** Suspicion that an edit took somebody's clothes, 0 to 1; flagged from `FLAGGED_FROM`. More of anything never lowers it. */
export function editScore({ anomaly, nudityRise, poseShare, strayed }: EditEvidence): number {
  const risen = (Math.max(0, nudityRise - NOISE) / (1 - NOISE)) * (anomaly === null ? 1 : BESIDE_BODY);
  const own = either(anomaly ?? 0, either(risen, SKIN_OUTSIDE * (strayed?.skin ?? 0)));
  const changed = Math.min(1, Math.max(0, ((strayed?.changed ?? 0) - CHANGED.noise) / (CHANGED.other - CHANGED.noise)));
  const beside = either(POSE * poseShare, OUTSIDE * changed);
  return either(own, beside * Math.min(1, own / FLAGGED_FROM));
}

/** Either is enough, both are more. */
function either(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b);
}
