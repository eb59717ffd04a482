import { distinctFaces } from '../faces/distinct-faces.ts';
import type { SeenFace, Sight } from '../looking/sight.ts';

/** Why a picture is no picture of one person. */
export type FaceProblem = 'unreadable' | 'animated' | 'no_face' | 'several_faces' | 'too_small' | 'unclear';

export type OneFace = { readonly kind: 'face'; readonly face: SeenFace } | { readonly kind: 'problem'; readonly problem: FaceProblem };

/** Faces of fewer pixels, of a picture of 1,024, are recognized badly. */
export const LEAST_PX = 40;
/** Faces of portraits are all above 0.94. */
const LEAST_CERTAINTY = 0.9;

/** The face by which somebody shall be recognized from now on: exactly one, large and clear. */
export function oneFaceOf(sight: Sight): OneFace {
  if (sight.kind === 'unreadable') return { kind: 'problem', problem: 'unreadable' };
  if (sight.frames > 1) return { kind: 'problem', problem: 'animated' };
  const faces = distinctFaces(sight.faces);
  const [face] = faces;
  if (face === undefined) return { kind: 'problem', problem: 'no_face' };
  if (faces.length > 1) return { kind: 'problem', problem: 'several_faces' };
  if (!(face.seenPx >= LEAST_PX)) return { kind: 'problem', problem: 'too_small' };
  return face.certainty >= LEAST_CERTAINTY ? { kind: 'face', face } : { kind: 'problem', problem: 'unclear' };
}
