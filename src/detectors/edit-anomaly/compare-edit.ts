import { distanceOf, SAME_PERSON_BELOW } from '../faces/same-person.ts';
import type { Pyramid } from '../looking/pyramid.ts';
import type { SeenFace } from '../looking/sight.ts';
import { type Bared, baredBetween } from './bared.ts';
import type { SamePerson } from './outside-mask.ts';
import { type PoseChange, poseChangeOf } from './pose-change.ts';
import { skinToneOf } from './skin-tone.ts';
import { torsoAt, torsoPlaceOf } from './torso.ts';

/** What is needed of a face. */
type ComparedFace = Pick<SeenFace, 'place' | 'facing' | 'rollDegrees' | 'descriptor'>;

export interface Look {
  readonly pyramid: Pyramid;
  /** With places in pixels of `pyramid`. */
  readonly faces: readonly ComparedFace[];
}

/** What became of one person's body between two pictures. */
export interface PersonEdit {
  /** Distance of the two faces. */
  readonly distance: number;
  readonly pose: PoseChange;
  readonly person: SamePerson;
  /** Null when too little of the body can be seen. */
  readonly bared: Bared | null;
}

/** A face this near its old place, as a share of its width, did not move: then both bodies are cut out alike, to the pixel. */
const SAME_PLACE = 0.06;

/** Everybody who is in both pictures. */
export function comparePersons(before: Look, after: Look): PersonEdit[] {
  return before.faces.flatMap((face) => {
    const candidates = after.faces.map((other) => ({ other, distance: distanceOf(face.descriptor, other.descriptor) }));
    const [nearest] = candidates.toSorted((a, b) => a.distance - b.distance);
    if (nearest === undefined || nearest.distance > SAME_PERSON_BELOW) return [];
    const person = {
      face: face.place,
      before: skinToneOf(before.pyramid, face.place),
      after: skinToneOf(after.pyramid, nearest.other.place),
    };
    const { other, distance } = nearest;
    return [{ distance, pose: poseChangeOf(face, other), person, bared: bodyOf(face, other, { before, after, person }) }];
  });
}

interface Pair {
  readonly before: Look;
  readonly after: Look;
  readonly person: SamePerson;
}

function bodyOf(face: ComparedFace, other: ComparedFace, { before, after, person }: Pair): Bared | null {
  const place = torsoPlaceOf(face.place);
  const moved = Math.hypot(face.place.centerX - other.place.centerX, face.place.centerY - other.place.centerY);
  const sameSize = before.pyramid.width === after.pyramid.width && before.pyramid.height === after.pyramid.height;
  const newPlace = sameSize && moved < SAME_PLACE * face.place.width ? place : torsoPlaceOf(other.place);
  return baredBetween(
    { torso: torsoAt(before.pyramid, place), skin: person.before },
    { torso: torsoAt(after.pyramid, newPlace), skin: person.after },
  );
}
