/**
 * Faces nearer than this are taken for one person's. Set on the worst group: at 0.48 one in ten thousand pairs of strangers matches, one
 * in a thousand among women; the usual 0.6 takes one pair in a hundred. Good for lists of up to a few hundred persons.
 */
export const SAME_PERSON_BELOW = 0.48;

/** Euclidean distance of two descriptors: 0 for the same picture, about 0.8 for strangers. */
export function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? Number.NaN) - (b[at] ?? Number.NaN)) ** 2;
  return Math.sqrt(sum);
}
