import type { SeenFace } from '../looking/sight.ts';
import { distanceOf, SAME_PERSON_BELOW } from './same-person.ts';

/** Each face of a frame once: a transparent picture is looked at in several views, so that the same face is seen several times in its place. */
export function distinctFaces(faces: readonly SeenFace[]): readonly SeenFace[] {
  const kept: SeenFace[] = [];
  for (const face of faces) if (!kept.some((other) => isOneFace(face, other))) kept.push(face);
  return kept;
}

function isOneFace(a: SeenFace, b: SeenFace): boolean {
  const isClose = (at: 'x' | 'y', size: 'width' | 'height') => Math.abs(a.box[at] - b.box[at]) < a.box[size] / 4;
  return (
    a.frame === b.frame && isClose('x', 'width') && isClose('y', 'height') && distanceOf(a.descriptor, b.descriptor) <= SAME_PERSON_BELOW
  );
}
